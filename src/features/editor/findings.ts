import * as vscode from 'vscode';
import type { Finding } from '../../core/finding';
import { fixAll } from '../../core/fix-all';
import type { FileKind } from '../../core/lint/file-kind';
import { switchOf } from '../../core/lint/finding-switch';
import { lintAtOnce } from '../../core/lint/lint-at-once';
import { shiftFinding } from '../../core/lint/shift-finding';
import { compareFindings } from '../../core/make-finding';
import { config, onDidChangeConfig } from '../config';
import { otherWork } from '../other-work';
import type { Reporter } from '../ui/commands';
import { DisposableStore } from '../ui/disposable-store';
import { isEnvDocument, pathOf } from '../workspace/lintable';
import type { Snapshot, WorkspaceFile } from '../workspace/snapshot';
import type { WorkspaceFiles } from '../workspace/workspace-files';

/** How long one file's linting took; `syntactic` at every key, `derived` after a pause. */
export interface Lint {
  readonly uri: vscode.Uri;
  readonly tier: 'syntactic' | 'derived';
  readonly milliseconds: number;
}

/** What is known of one file. */
interface Known {
  readonly uri: vscode.Uri;
  /** The text that the findings are about. */
  readonly text: string;
  /** Findings that the text of an env file alone tells, renewed at every key. */
  readonly syntactic: readonly Finding[];
  /** All others. While someone types they move along with the text, until they are derived anew. */
  readonly derived: readonly Finding[];
}

/**
 * The findings of all files of the workspace and of open documents, in the severities of the settings. At every key an
 * env file's own are found anew; whatever takes longer, or has to do with other files, waits for a pause, and is given
 * up at the next key.
 */
export class Findings implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly known = new Map<string, Known>();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  private readonly linted = this.store.add(new vscode.EventEmitter<Lint>());
  private turn = 0;
  private snapshot: Snapshot | undefined;

  /** The findings of this file may be others now. */
  readonly onDidChange = this.changed.event;
  readonly onDidLint = this.linted.event;

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly reporter: Pick<Reporter, 'crashed'>,
  ) {
    this.store.add(vscode.workspace.onDidOpenTextDocument(document => this.opened(document)));
    this.store.add(vscode.workspace.onDidChangeTextDocument(event => this.typed(event)));
    this.store.add(files.onDidChange(() => void this.lintAll()));
    this.store.add(onDidChangeConfig(['findings', 'envFiles'], () => void this.lintAll()));
    // Reading files, and loading what lints them, waits until the editor has all that activating gives it.
    const first = setImmediate(() => {
      for (const document of vscode.workspace.textDocuments) this.opened(document);
      void this.lintAll();
    });
    this.store.add({ dispose: () => clearImmediate(first) });
  }

  dispose(): void {
    this.turn++;
    this.store.dispose();
  }

  /** What is known of a file, in the order of its places. */
  of(uri: vscode.Uri): readonly Finding[] {
    const known = this.known.get(uri.toString());
    return known ? [...known.syntactic, ...known.derived].sort(compareFindings) : [];
  }

  /** The files that the findings were last derived from; undefined before they were. */
  get basis(): Snapshot | undefined {
    return this.snapshot;
  }

  /** A document's text with every fix that is safe unasked, as far as the settings leave findings. */
  async fixAll(document: vscode.TextDocument): Promise<{ readonly text: string; readonly fixed: number }> {
    const { sources, tools } = await this.files.snapshot();
    const file = this.files.ofDocument(document);
    const kind = file?.source.kind;
    if (!file || !kind) return { text: document.getText(), fixed: 0 };
    return fixAll(file.source.text, text => {
      const source = { ...file.source, text };
      return asSet(tools.lintFile(source, kind, sources.with(source)), file.uri, kind);
    });
  }

  private opened(document: vscode.TextDocument): void {
    const known = this.known.get(document.uri.toString());
    // The same text as on disk: what is known of it stays, until it is linted among the others.
    if (known && known.text !== document.getText()) this.forget(document.uri);
    if (isEnvDocument(document)) this.lintAtOnce(document, this.known.get(document.uri.toString())?.derived ?? []);
  }

  private typed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const key = document.uri.toString();
    const known = this.known.get(key);
    const isEnv = isEnvDocument(document);
    if (contentChanges.length === 0 || (!known && !isEnv)) return;
    this.turn++;
    let derived = known?.derived ?? [];
    for (const { rangeOffset, rangeLength, text } of contentChanges) {
      const edit = { range: { start: rangeOffset, end: rangeOffset + rangeLength }, newText: text };
      derived = derived.flatMap(finding => shiftFinding(finding, edit) ?? []);
    }
    if (isEnv) this.lintAtOnce(document, derived);
    else if (known) this.known.set(key, { ...known, text: document.getText(), derived });
  }

  private lintAtOnce(document: vscode.TextDocument, derived: readonly Finding[]): void {
    const start = performance.now();
    const text = document.getText();
    const syntactic = asSet(lintAtOnce({ path: pathOf(document.uri), text }, 'env'), document.uri, 'env');
    this.known.set(document.uri.toString(), { uri: document.uri, text, syntactic, derived });
    this.changed.fire(document.uri);
    this.linted.fire({ uri: document.uri, tier: 'syntactic', milliseconds: performance.now() - start });
  }

  /** Lints every file among the others, those in view first, until something changes again. */
  private async lintAll(): Promise<void> {
    const turn = ++this.turn;
    try {
      const snapshot = await this.files.snapshot();
      if (turn !== this.turn) return;
      this.snapshot = snapshot;
      this.forgetOthers(snapshot);
      for (const file of inOrderOfInterest(snapshot.files)) {
        if (!(await this.lint(file, snapshot, turn))) return;
      }
    } catch (error) {
      this.reporter.crashed(error);
    }
  }

  /** False where it was given up. */
  private async lint({ uri, source, problem }: WorkspaceFile, snapshot: Snapshot, turn: number): Promise<boolean> {
    const { kind, text } = source;
    if (!kind || problem) {
      this.forget(uri);
      return true;
    }
    let milliseconds = 0;
    const steps = snapshot.tools.deriveInSteps(source, kind, snapshot.sources);
    for (;;) {
      const start = performance.now();
      const step = steps.next();
      milliseconds += performance.now() - start;
      if (step.done) {
        const syntactic = asSet(lintAtOnce(source, kind), uri, kind);
        const derived = asSet(step.value, uri, kind);
        this.known.set(uri.toString(), { uri, text, syntactic, derived });
        this.changed.fire(uri);
        this.linted.fire({ uri, tier: 'derived', milliseconds });
      }
      await otherWork();
      if (turn !== this.turn) return false;
      if (step.done) return true;
    }
  }

  private forgetOthers({ files }: Snapshot): void {
    const there = new Set(files.map(({ uri }) => uri.toString()));
    for (const { uri } of this.known.values()) if (!there.has(uri.toString())) this.forget(uri);
  }

  private forget(uri: vscode.Uri): void {
    if (this.known.delete(uri.toString())) this.changed.fire(uri);
  }
}

/** Findings in the severities that the settings give, without those that they switch off. */
function asSet(findings: readonly Finding[], uri: vscode.Uri, kind: FileKind): readonly Finding[] {
  if (findings.length === 0) return findings;
  const severities = config.findingsSeverity(uri);
  const off = (['project', 'policies'] as const).filter(family => !config.findings(family, uri));
  return findings.flatMap(finding => {
    const family = switchOf(finding, kind);
    const severity = severities[finding.code] ?? finding.severity;
    return severity === 'off' || (family && off.includes(family)) ? [] : [{ ...finding, severity }];
  });
}

/** What can be seen, what is open, the rest. */
function inOrderOfInterest(files: readonly WorkspaceFile[]): readonly WorkspaceFile[] {
  const visible = new Set(vscode.window.visibleTextEditors.map(({ document }) => document.uri.toString()));
  const open = new Set(vscode.workspace.textDocuments.map(document => document.uri.toString()));
  const rank = ({ uri }: WorkspaceFile): number => (visible.has(uri.toString()) ? 0 : open.has(uri.toString()) ? 1 : 2);
  return [...files].sort((a, b) => rank(a) - rank(b));
}
