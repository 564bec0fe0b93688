import * as vscode from 'vscode';
import type { FileChange } from './files';

const SCHEME = 'astro-log-export-preview';

/** Shows changes before they are written, as one editor of differences. */
export class Preview implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  private readonly texts = new Map<string, string>();
  private shown = 0;

  dispose(): void {
    this.registration.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Opens the differences; the function that comes back closes them again. */
  async show(title: string, changes: readonly FileChange[]): Promise<() => Promise<void>> {
    this.texts.clear();
    this.shown++;
    const resources = changes.map(({ uri, before, after }) => {
      const left = this.virtual(uri, 'before', before ?? '');
      const right = this.virtual(uri, 'after', after);
      return [uri, left, right];
    });
    await vscode.commands.executeCommand('vscode.changes', title, resources);
    return () => this.close(title);
  }

  private virtual(uri: vscode.Uri, side: 'before' | 'after', text: string): vscode.Uri {
    // The count makes each preview's addresses its own, so that no older text is shown for them.
    const virtual = uri.with({ scheme: SCHEME, query: `${side}=${this.shown}` });
    this.texts.set(virtual.toString(), text);
    return virtual;
  }

  /** An editor of several files adds their number to its title. */
  private async close(title: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(tab => tab.label.startsWith(title));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
    this.texts.clear();
  }
}
