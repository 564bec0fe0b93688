import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension';
import { type Said, ScriptedInput } from './scripted-input';

const EXTENSION_ID = 'astro-log-export.astro-log-export';

/** The running extension's own objects, which it gives to tests alone. */
export async function activate(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi | undefined>(EXTENSION_ID);
  assert.ok(extension, `${EXTENSION_ID} is not installed`);
  const api = await extension.activate();
  assert.ok(api, 'the extension does not know that it is being tested');
  return api;
}

function workspaceRoot(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return folder.uri;
}

/** An Astro project of its own within the workspace; `remove` takes it away again. */
export async function createProject(
  files: Readonly<Record<string, string>> = {},
): Promise<{ uri: vscode.Uri; name: string; remove(): Promise<void> }> {
  const name = `project-${randomUUID().slice(0, 8)}`;
  const uri = vscode.Uri.joinPath(workspaceRoot(), name);
  const all = { '.astro/config.yaml': `project:\n  name: ${name}\n`, ...files };
  for (const [path, text] of Object.entries(all)) await write(vscode.Uri.joinPath(uri, path), text);
  return {
    uri,
    name,
    async remove() {
      await closeEditors();
      await vscode.workspace.fs.delete(uri, { recursive: true });
    },
  };
}

/** Changes a file on disk, as another program would. */
export async function write(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text, 'utf8'));
}

export async function read(uri: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Waits until a condition holds, by looking again and again; fails with the last look after ten seconds. */
export async function eventually<T>(look: () => T | Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    assert.ok(Date.now() < end, `never came to hold; last seen: ${JSON.stringify(seen, undefined, 1)}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Runs a command as a person who gives these answers; fails where one is left over. */
export async function runCommand<T>(name: string, ...answers: Said[]): Promise<{ result: T; asked: string[] }> {
  const { ui } = await activate();
  const input = new ScriptedInput(answers);
  const before = ui.current;
  ui.current = input;
  try {
    const result = await vscode.commands.executeCommand<T>(`astroLogExport.${name}`);
    input.assertAllUsed();
    return { result, asked: input.asked };
  } finally {
    ui.current = before;
  }
}

/** The extension's diagnostics of a file, open or closed. */
export function diagnosticsOf(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Astro Log Export');
}

export function codesOf(uri: vscode.Uri): readonly string[] {
  return diagnosticsOf(uri).map(({ code }) => (code as { value: string }).value);
}

/** Waits until a file has exactly these findings, whatever their order. */
export async function hasFindings(uri: vscode.Uri, ...codes: readonly string[]): Promise<void> {
  const wanted = [...codes].sort().join();
  await eventually(
    () => [...codesOf(uri)].sort(),
    seen => seen.join() === wanted,
  );
}
