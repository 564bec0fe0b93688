import * as vscode from 'vscode';
import type { Check } from '../../core/check';
import type { Cause } from '../../core/diagnosis/cause';
import type { Difference } from '../../core/deployment/compare-deployment';
import { EXPORT_KEYS } from '../../core/export-settings';
import { placeOfSetting } from '../deployment/comparison';
import type { TextRange } from '../../core/text/text-range';
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
  const wanted = isThere ? '"Statement"' : (keyOf(check) ?? '');
  await show(isThere ? file : item.uri, text => placeIn(text, wanted));
}

/** Opens the file that differs from the Deployment, at the variable, the trust policy's statements or the image. */
export async function openPlaceOfDifference(item: Export, { kind, setting }: Difference): Promise<void> {
  const trust = vscode.Uri.joinPath(item.uri, '..', TRUST_FILE);
  if (kind === 'identity' && (await exists(trust))) return show(trust, text => placeIn(text, '"Statement"'));
  const dockerfile = vscode.Uri.joinPath(item.uri, '..', 'Dockerfile');
  if (kind === 'runtime' && (await exists(dockerfile))) return show(dockerfile, text => placeIn(text, 'FROM'));
  return show(item.uri, text => placeOfSetting(text, setting));
}

function placeIn(text: string, wanted: string): TextRange {
  const start = Math.max(0, text.indexOf(wanted));
  return { start, end: start };
}

/** Opens a file with the line of a place selected. */
async function show(uri: vscode.Uri, placeOf: (text: string) => TextRange): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const { line } = document.positionAt(placeOf(document.getText()).start);
  await vscode.window.showTextDocument(document, { selection: document.lineAt(line).range });
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
