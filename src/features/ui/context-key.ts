import * as vscode from 'vscode';

/** One key of `when` clauses; sets it only when the value changes. */
export class ContextKey<T extends string | boolean> {
  private value: T | undefined;

  constructor(private readonly name: string) {}

  get(): T | undefined {
    return this.value;
  }

  set(value: T): void {
    if (this.value === value) return;
    this.value = value;
    void vscode.commands.executeCommand('setContext', this.name, value);
  }
}
