import * as vscode from 'vscode';
import { onDidChangeConfig } from '../config';
import type { Exports } from '../exports/exports';
import type { Reporter } from '../ui/commands';
import { DisposableStore } from '../ui/disposable-store';
import { envSelector } from '../workspace/lintable';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { FindingActions } from './code-actions';
import { ExportCodeLens } from './code-lens';
import { ExportCompletion } from './completion';
import { showDiagnostics } from './diagnostics';
import { FolderLinks } from './document-links';
import { Findings } from './findings';
import { ExportHover } from './hover';

/** What is found in files; for tests. */
export interface Editor {
  readonly findings: Findings;
}

/** Registers what an editor shows of files that concern the export. Untrusted workspaces are linted too. */
export function registerEditor(
  context: vscode.ExtensionContext,
  files: WorkspaceFiles,
  exports: Exports,
  reporter: Reporter,
): Editor {
  const findings = new Findings(files, reporter);
  context.subscriptions.push(
    findings,
    showDiagnostics(findings),
    findings.onDidLint(({ uri, tier, milliseconds }) =>
      reporter.log.trace(`${vscode.workspace.asRelativePath(uri)}: ${tier} findings in ${milliseconds.toFixed(1)} ms`),
    ),
    vscode.languages.registerCodeActionsProvider('*', new FindingActions(findings), FindingActions.metadata),
    whereExportsAre((env, deployment) => [
      vscode.languages.registerHoverProvider([...env, ...deployment, ...POLICIES], new ExportHover(files)),
      vscode.languages.registerCodeLensProvider([...env, ...deployment], new ExportCodeLens(files, exports)),
      vscode.languages.registerDocumentLinkProvider([...env, ...deployment], new FolderLinks(files)),
      vscode.languages.registerCompletionItemProvider(env, new ExportCompletion(files), '='),
      vscode.languages.registerCompletionItemProvider(deployment, new ExportCompletion(files)),
    ]),
  );
  return { findings };
}

const DEPLOYMENTS: readonly vscode.DocumentFilter[] = [{ language: 'yaml' }, { pattern: '**/*.{yaml,yml}' }];
const POLICIES: readonly vscode.DocumentFilter[] = [{ language: 'json' }, { language: 'jsonc' }];

/** Registers for env files and for YAML; anew when the setting says that other files are env files. */
function whereExportsAre(
  register: (
    env: readonly vscode.DocumentFilter[],
    deployment: readonly vscode.DocumentFilter[],
  ) => readonly vscode.Disposable[],
): vscode.Disposable {
  const store = new DisposableStore();
  const current = store.add(new DisposableStore());
  const update = (): void => {
    current.clear();
    for (const item of register(envSelector(), DEPLOYMENTS)) current.add(item);
  };
  store.add(onDidChangeConfig(['envFiles'], update));
  store.add(vscode.workspace.onDidChangeWorkspaceFolders(update));
  update();
  return store;
}
