import * as vscode from 'vscode';
import { config } from './config';

/** Languages whose documents are env files whatever they are called, also before they have a name. */
const ENV_LANGUAGES = new Set(['dotenv', 'env', 'env-spec']);

/** Schemes of documents that show something, and that nobody edits. */
const NOT_EDITED = new Set(['git', 'output', 'astro-log', 'astro-log-export-preview']);

/** Whether a document is linted as an env file: by its language, or by the patterns of the setting. */
export function isEnvDocument(document: vscode.TextDocument): boolean {
  if (NOT_EDITED.has(document.uri.scheme)) return false;
  return ENV_LANGUAGES.has(document.languageId) || isEnvFile(document);
}

/** Whether a document's path is one of those that the setting names. */
export function isEnvFile(document: vscode.TextDocument): boolean {
  return config.envFiles(document.uri).some(pattern => vscode.languages.match({ pattern }, document) > 0);
}
