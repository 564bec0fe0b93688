import type * as vscode from 'vscode';

/** Disposables that end together; one added after the end is disposed at once. */
export class DisposableStore implements vscode.Disposable {
  private readonly items = new Set<vscode.Disposable>();
  private isDisposed = false;

  add<T extends vscode.Disposable>(item: T): T {
    if (this.isDisposed) item.dispose();
    else this.items.add(item);
    return item;
  }

  clear(): void {
    for (const item of this.items) item.dispose();
    this.items.clear();
  }

  dispose(): void {
    this.isDisposed = true;
    this.clear();
  }
}
