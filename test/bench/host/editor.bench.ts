import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension';
import type { Lint } from '../../../src/features/editor/findings';
import { largeEnv } from '../large-env';
import { report, summarise } from '../measure';

const EXTENSION_ID = 'astro-log-export.astro-log-export';
const LINES = 10_000;

describe('in the extension host', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension<TestApi>(EXTENSION_ID);
    assert.ok(extension);
    assert.ok(!extension.isActive, 'it is active already: the workspace has to hold nothing that activates it');
    const file = path.join(extension.extensionPath, extension.packageJSON.main);
    const loading = performance.now();
    require(file);
    const loaded = performance.now();
    // The extension host finds it loaded, and calls what it finds.
    const module = require.cache[require.resolve(file)];
    assert.ok(module);
    const { activate } = module.exports;
    let called = Number.NaN;
    module.exports = {
      ...module.exports,
      activate: (context: vscode.ExtensionContext) => {
        const start = performance.now();
        const api = activate(context);
        called = performance.now() - start;
        return api;
      },
    };
    await extension.activate();
    report('activation: loading the code', summarise([loaded - loading]));
    report('activation: activate()', summarise([called]));
    report('activation in all', summarise([loaded - loading + called]), 30);
  });

  it(`lints an env file of ${LINES} lines as someone types`, async function () {
    this.timeout(240_000);
    const extension = vscode.extensions.getExtension<TestApi>(EXTENSION_ID);
    const api = await extension?.activate();
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(api && folder);
    const uri = vscode.Uri.joinPath(folder.uri, 'large.env');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(largeEnv(LINES)));
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const keys: number[] = [];
    const pauses: number[] = [];
    const next = (tier: Lint['tier']): Promise<Lint> =>
      new Promise(resolve => {
        const listener = api.editor.findings.onDidLint(lint => {
          if (lint.tier !== tier || lint.uri.toString() !== uri.toString()) return;
          listener.dispose();
          resolve(lint);
        });
      });
    for (let i = 0; i < 120; i++) {
      const lint = next('syntactic');
      // In the middle of the file, where the line's own offsets and all behind it change.
      await editor.edit(edit => edit.insert(new vscode.Position(LINES / 2 + 40, 0), 'x'));
      keys.push((await lint).milliseconds);
      if (i % 12 === 0) pauses.push((await next('derived')).milliseconds);
    }
    report('a key: what the text alone tells, and showing it', summarise(keys), 4);
    report('after a pause of 150 ms: everything else', summarise(pauses), 60);
  });
});
