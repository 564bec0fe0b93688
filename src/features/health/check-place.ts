import * as vscode from 'vscode';
import type { Check } from '../../core/check';
import type { Cause } from '../../core/diagnosis/cause';
import { EXPORT_KEYS } from '../../core/export-settings';
import type { Export } from '../exports/export';

const TRUST_FILE = 'secondary-logs-trust-policy.json';
const PERMISSION_FILE = 'secondary-logs-policy.json';
const BUCKET_FILE = 'secondary-logs-bucket-policy.json';

/** The variable that a cause speaks of. */
const KEYS: Readonly<Partial<Record<Cause, string>>> = {
  'export-disabled': EXPORT_KEYS.enabled,
  'wrong-region': EXPORT_KEYS.region,
  'no-such-bucket': EXPORT_KEYS.baseLogFolder,
  'role-not-found': EXPORT_KEYS.roleArn,
};

/** The policy file beside the env file that a check's next step is about; undefined where it is about a variable. */
export function policyFileOf(item: Export, { change, causes }: Check): vscode.Uri | undefined {
  const name = change ? policyFileName(change.document) : policyFileOfCause(causes[0]);
  return name === undefined ? undefined : vscode.Uri.joinPath(item.uri, '..', name);
}

function policyFileName(document: NonNullable<Check['change']>['document']): string | undefined {
  if (document === 'permission') return PERMISSION_FILE;
  if (document === 'trust') return TRUST_FILE;
  return document === 'bucket' ? BUCKET_FILE : undefined;
}

function policyFileOfCause(cause: Cause | undefined): string | undefined {
  if (cause === 'trust-denies' || cause === 'role-recreated') return TRUST_FILE;
  if (cause?.startsWith('missing-') || cause === 'explicit-deny' || cause === 'kms-denied') return PERMISSION_FILE;
  return undefined;
}

/** Whether there is a line to look at: a check that is well, and one about the network, has none. */
export function hasPlace({ status, change, causes }: Check): boolean {
  if (status === 'pass' || status === 'skip') return false;
  const [cause] = causes;
  if (change !== undefined || cause === undefined) return change !== undefined;
  return cause in KEYS || cause === 'bad-settings' || policyFileOfCause(cause) !== undefined;
}

/** Opens the file that a check's next step is about, at the line to change. */
export async function openPlaceOf(item: Export, check: Check): Promise<void> {
  const file = policyFileOf(item, check);
  const isThere = file !== undefined && (await exists(file));
  const document = await vscode.workspace.openTextDocument(isThere ? file : item.uri);
  const wanted = isThere ? '"Statement"' : keyOf(check);
  const at = wanted === undefined ? -1 : document.getText().indexOf(wanted);
  const position = document.positionAt(Math.max(0, at));
  await vscode.window.showTextDocument(document, { selection: document.lineAt(position.line).range });
}

function keyOf({ change, causes }: Check): string | undefined {
  if (change?.document === 'env') return change.key;
  return (causes[0] && KEYS[causes[0]]) ?? EXPORT_KEYS.baseLogFolder;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
