import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension';
import type { Lint } from '../../../src/features/editor/findings';
import { largeEnv } from '../large-env';
import { report, stopwatch, type Taken } from '../measure';

const EXTENSION_ID = 'astro-log-export.astro-log-export';
const LINES = 10_000;

describe('in the extension host', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension<TestApi>(EXTENSION_ID);
    assert.ok(extension);
    assert.ok(!extension.isActive, 'it is active already: the workspace has to hold nothing that activates it');
    const file = path.join(extension.extensionPath, extension.packageJSON.main);
    const loading = stopwatch();
    require(file);
    const loaded = loading();
    // The extension host finds it loaded, and calls what it finds.
    const cached = require.cache[require.resolve(file)];
    assert.ok(cached);
    const { activate } = cached.exports;
    let called: Required<Taken> | undefined;
    cached.exports = {
      ...cached.exports,
      activate: (context: vscode.ExtensionContext) => {
        const calling = stopwatch();
        const api = activate(context);
        called = calling();
        return api;
      },
    };
    await extension.activate();
    assert.ok(called);
    report('activation: loading the code', [loaded]);
    report('activation: activate()', [called]);
    report('activation in all', [{ wall: loaded.wall + called.wall, cpu: loaded.cpu + called.cpu }], 30);
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
    const keys: Taken[] = [];
    const pauses: Taken[] = [];
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
      keys.push({ wall: (await lint).milliseconds });
      if (i % 12 === 0) pauses.push({ wall: (await next('derived')).milliseconds });
    }
    report('a key: what the text alone tells, and showing it', keys, 4);
    report('after a pause of 150 ms: everything else', pauses, 60);
  });
});
