import * as vscode from 'vscode';
import { type FileKind, kindOf, kindOfNamed, mayBeLinted } from '../../core/lint/file-kind';
import { nameOf } from '../../core/lint/source-file';
import { config, onDidChangeConfig } from '../config';

/** Languages whose documents are env files whatever they are called, also before they have a name. */
const ENV_LANGUAGES = new Set(['dotenv', 'env', 'env-spec']);

const JSON_LANGUAGES = new Set(['json', 'jsonc']);

/** Schemes of documents that show something, and that nobody edits. */
const NOT_EDITED = new Set(['git', 'output', 'astro-log', 'astro-log-export-preview']);

/** The name of a file among those that are linted together. */
export function pathOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.path : uri.toString(true);
}

let known = new WeakMap<vscode.TextDocument, boolean>();

/** Lets the answers of {@link isEnvDocument} follow the setting; they are asked for at every keystroke. */
export function followEnvFiles(): vscode.Disposable {
  return onDidChangeConfig(['envFiles'], () => {
    known = new WeakMap();
  });
}

/** Whether a document is linted as an env file: by its language, or by the patterns of the setting. */
export function isEnvDocument(document: vscode.TextDocument): boolean {
  let answer = known.get(document);
  if (answer === undefined) {
    answer =
      !NOT_EDITED.has(document.uri.scheme) && (ENV_LANGUAGES.has(document.languageId) || isEnvFile(document.uri));
    known.set(document, answer);
  }
  return answer;
}

/** The documents of {@link isEnvDocument}, as far as a selector can say which. */
export function envSelector(): readonly vscode.DocumentFilter[] {
  const scopes = vscode.workspace.workspaceFolders ?? [undefined];
  const patterns = new Set(scopes.flatMap(folder => config.envFiles(folder)));
  return [...[...ENV_LANGUAGES].map(language => ({ language })), ...[...patterns].map(pattern => ({ pattern }))];
}

/** Whether a path is one of those that the setting names. */
export function isEnvFile(uri: vscode.Uri): boolean {
  // Only the address decides, and it is the editor's own rules for patterns that have to apply.
  const document = { uri, languageId: '', fileName: uri.fsPath } as vscode.TextDocument;
  return config.envFiles(uri).some(pattern => vscode.languages.match({ pattern }, document) > 0);
}

/** Whether a file of this address may be one that is linted; what it is, its text tells too. */
export function isCandidate(uri: vscode.Uri): boolean {
  return isEnvFile(uri) || isProjectFile(uri);
}

/** As {@link isCandidate}, for any document: also one that has no name yet, or a name that tells nothing. */
export function mayHoldFindings(document: vscode.TextDocument): boolean {
  if (NOT_EDITED.has(document.uri.scheme)) return false;
  return isEnvDocument(document) || isProjectFile(document.uri) || isDataDocument(document);
}

/** What a document is linted as, if it is. */
export function kindOfDocument(document: vscode.TextDocument, text: string): FileKind | undefined {
  if (!mayHoldFindings(document)) return undefined;
  if (isEnvDocument(document)) return 'env';
  const path = pathOf(document.uri);
  if (JSON_LANGUAGES.has(document.languageId)) return kindOfNamed({ path: withEnding(path, '.json'), text });
  if (document.languageId === 'yaml') return kindOf({ path: withEnding(path, '.yaml'), text });
  return kindOfFile(document.uri, text);
}

/** What a file of the workspace is linted as, if it is. Which files are env files, the setting alone says. */
export function kindOfFile(uri: vscode.Uri, text: string): FileKind | undefined {
  if (isEnvFile(uri)) return 'env';
  const kind = kindOf({ path: pathOf(uri), text });
  return kind === 'env' ? undefined : kind;
}

function isProjectFile(uri: vscode.Uri): boolean {
  const name = nameOf(uri.path);
  return mayBeLinted(name) && kindOf({ path: name, text: '' }) !== 'env';
}

function isDataDocument({ languageId }: vscode.TextDocument): boolean {
  return JSON_LANGUAGES.has(languageId) || languageId === 'yaml';
}

function withEnding(path: string, ending: string): string {
  return /\.(?:json|ya?ml)$/i.test(path) ? path : path + ending;
}
