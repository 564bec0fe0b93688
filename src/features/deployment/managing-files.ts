import * as vscode from 'vscode';
import { editTerraform, managesDeployments } from '../../core/deployment/edit-terraform';
import type { PushedVariable } from '../../core/deployment/push-plan';
import type { TextEdit } from '../../core/text/text-range';
import { readCurrentText } from '../setup/files';
import { loadFileTools } from '../workspace/file-tools';

/** A file of the workspace that describes Deployments, and so manages their variables. */
export interface ManagingFile {
  readonly uri: vscode.Uri;
  readonly kind: 'deployment-file' | 'terraform';
  readonly text: string;
  /** The Deployment's name, where the file tells it. */
  readonly deployment?: string;
}

const SEARCH = '**/*.{yaml,yml,tf}';
const NEVER = '**/{node_modules,.git,.venv,venv,.terraform}/**';
const MAX_FILES = 200;

/** The deployment files and Terraform files of the workspace that manage Deployments. */
export async function findManagingFiles(): Promise<readonly ManagingFile[]> {
  const uris = await vscode.workspace.findFiles(SEARCH, NEVER, MAX_FILES);
  const files = await Promise.all(uris.map(readManagingFile));
  return files.filter(file => file !== undefined).sort((a, b) => a.uri.path.localeCompare(b.uri.path));
}

async function readManagingFile(uri: vscode.Uri): Promise<ManagingFile | undefined> {
  const text = await readCurrentText(uri).catch(() => undefined);
  if (text === undefined) return undefined;
  if (uri.path.endsWith('.tf')) return managesDeployments(text) ? { uri, kind: 'terraform', text } : undefined;
  if (!text.includes('environment_variables') && !text.includes('runtime_version')) return undefined;
  const deployment = (await loadFileTools()).deploymentNameOf(text);
  return deployment === undefined ? undefined : { uri, kind: 'deployment-file', text, deployment };
}

/** Whether a file manages the Deployment of this name; a Terraform file does where the name stands in it. */
export function manages(file: ManagingFile, deployment: string): boolean {
  return file.kind === 'terraform' ? file.text.includes(JSON.stringify(deployment)) : file.deployment === deployment;
}

/** The edits that set variables in such a file. Throws an ExportError where it can't be edited safely. */
export async function editManagingFile(
  file: ManagingFile,
  variables: readonly Pick<PushedVariable, 'key' | 'after'>[],
): Promise<TextEdit[]> {
  if (file.kind === 'terraform') return editTerraform(file.text, variables);
  return (await loadFileTools()).editDeploymentFile(file.text, variables);
}
