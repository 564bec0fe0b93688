import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { parseEnvDocument } from '../core/env/env-document';
import { mergeVariables, type Variable } from '../core/env/merge';
import { readSettings } from '../core/env/settings';
import { ExportError } from '../core/export-error';
import { EXPORT_KEYS } from '../core/export-settings';
import {
  buildBucketPolicy,
  buildKeyPolicyStatement,
  buildPermissionPolicy,
  buildTrustPolicy,
  formatPolicy,
} from '../core/iam/build';
import type { PolicyDocument, PolicyStatement } from '../core/iam/policy';
import { renderAwsCli } from '../core/iam/render-aws-cli';
import { renderCloudFormation } from '../core/iam/render-cloudformation';
import type { ExportStack } from '../core/iam/render-stack';
import { renderTerraform } from '../core/iam/render-terraform';
import { applyEdits } from '../core/text/text-range';
import { readTextFile } from './read-text-file';
import { findScaffoldProblems, normalPrefix, parseKeyArn, partitionOf, type ScaffoldInput } from './scaffold-input';

export const SCAFFOLD_FILES = {
  env: '.env',
  policy: 'secondary-logs-policy.json',
  trust: 'secondary-logs-trust-policy.json',
  bucketPolicy: 'secondary-logs-bucket-policy.json',
  terraform: 'secondary-logs.tf',
  cloudformation: 'secondary-logs.cloudformation.yaml',
  'aws-cli': 'secondary-logs.sh',
} as const;

export type ScaffoldFileName = (typeof SCAFFOLD_FILES)[keyof typeof SCAFFOLD_FILES];

/** A file as scaffolding leaves it. */
export interface ScaffoldFile {
  readonly name: ScaffoldFileName;
  readonly text: string;
  /** The text that is there now; absent for a new file. */
  readonly before?: string;
}

/** The variables of an export, in the order of the vendor's page. */
export function scaffoldVariables(input: ScaffoldInput): Variable[] {
  const folder = `s3://${input.bucket}/${normalPrefix(input.prefix)}`;
  const variables: Variable[] = [
    { key: EXPORT_KEYS.enabled, value: 'true' },
    { key: EXPORT_KEYS.baseLogFolder, value: folder },
  ];
  if (input.roleArn !== undefined) variables.push({ key: EXPORT_KEYS.roleArn, value: input.roleArn });
  if (input.region !== undefined) variables.push({ key: EXPORT_KEYS.region, value: input.region });
  return variables;
}

/**
 * Variables of the export that a merged env file sets though the answers don't: a role that is left there, for one,
 * keeps the export in `assume-role`.
 */
function findLeftOver(input: ScaffoldInput, env: string): string[] {
  const settings = readSettings(parseEnvDocument(env));
  const optional = ['roleArn', 'region'] as const;
  return optional.filter(name => settings[name] && input[name] === undefined).map(name => EXPORT_KEYS[name]);
}

/** The policies of an export; a trust policy where somebody has to be let in, a bucket policy for another account. */
function scaffoldPolicies(input: ScaffoldInput) {
  const partition = partitionOf(input);
  const { bucket, prefix, leastPrivilege, kmsKey, bucketAccount, roleArn, deploymentRoles = [] } = input;
  const permission = { bucket, prefix, partition, leastPrivilege, kmsKeyArn: kmsKey };
  return {
    policy: buildPermissionPolicy(permission),
    trust: trustOf(input, partition),
    bucketPolicy:
      bucketAccount === undefined
        ? undefined
        : buildBucketPolicy({ ...permission, roles: roleArn === undefined ? deploymentRoles : [roleArn] }),
  };
}

/** The statement that the policy of a key in another account than the roles' needs; undefined where none does. */
export function keyStatementFor(input: ScaffoldInput): PolicyStatement | undefined {
  const { kmsKey, roleArn, deploymentRoles = [] } = input;
  const roles = roleArn === undefined ? deploymentRoles : [roleArn];
  const account = kmsKey === undefined ? undefined : parseKeyArn(kmsKey)?.account;
  const isElsewhere = account !== undefined && roles.some(role => role.split(':')[4] !== account);
  return isElsewhere ? buildKeyPolicyStatement(roles) : undefined;
}

function trustOf(input: ScaffoldInput, partition: string): PolicyDocument | undefined {
  const { mode, deploymentRoles, externalId, oidcIssuer, oidcAccount, namespace } = input;
  const oidc =
    oidcIssuer !== undefined && oidcAccount !== undefined && namespace !== undefined
      ? { issuer: oidcIssuer, account: oidcAccount, namespace, partition }
      : undefined;
  if (mode === 'assume-role') return buildTrustPolicy({ deploymentRoles, externalId, oidc });
  return oidc && buildTrustPolicy({ oidc });
}

/**
 * All files of an export, given the texts of those that are there. An env file is merged: what isn't ours stays byte for
 * byte. A policy that says the same already keeps its formatting.
 * Throws an {@link ExportError} `usage` for answers that {@link findScaffoldProblems} refuses.
 */
export function planScaffold(input: ScaffoldInput, existing: ReadonlyMap<string, string> = new Map()): ScaffoldFile[] {
  const [problem] = findScaffoldProblems(input);
  if (problem) throw new ExportError('usage', `${problem.field}: ${problem.message}`, t('Correct it and try again.'));
  const files: ScaffoldFile[] = [];
  const add = (name: ScaffoldFileName, text: string) => {
    const before = existing.get(name);
    files.push(before === undefined ? { name, text } : { name, text, before });
  };
  const addPolicy = (name: ScaffoldFileName, policy: PolicyDocument | undefined) => {
    if (!policy) return;
    const before = existing.get(name);
    const text = formatPolicy(policy);
    add(name, before !== undefined && saysTheSame(before, text) ? before : text);
  };

  const env = existing.get(SCAFFOLD_FILES.env) ?? '';
  add(SCAFFOLD_FILES.env, applyEdits(env, mergeVariables(env, scaffoldVariables(input))));
  const { policy, trust, bucketPolicy } = scaffoldPolicies(input);
  addPolicy(SCAFFOLD_FILES.policy, policy);
  addPolicy(SCAFFOLD_FILES.trust, trust);
  addPolicy(SCAFFOLD_FILES.bucketPolicy, bucketPolicy);

  const { rendering = 'json' } = input;
  const stack: ExportStack = {
    bucket: input.bucket,
    bucketAccount: input.bucketAccount,
    roles: input.roleArn === undefined ? (input.deploymentRoles ?? []) : [input.roleArn],
    policy,
    trust,
    bucketPolicy,
    keyStatement: keyStatementFor(input),
  };
  if (rendering === 'terraform') add(SCAFFOLD_FILES.terraform, renderTerraform(stack));
  if (rendering === 'cloudformation') add(SCAFFOLD_FILES.cloudformation, renderCloudFormation(stack));
  if (rendering === 'aws-cli') add(SCAFFOLD_FILES['aws-cli'], renderAwsCli(stack));
  return files;
}

function saysTheSame(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}

/** What {@link writeScaffold} did; paths are below the given folder. */
export interface ScaffoldResult {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Copies of policies and scripts that said something else before. */
  readonly kept: readonly string[];
  /** Variables of `findLeftOver`. */
  readonly leftOver: readonly string[];
}

/**
 * Reads what is in a folder, plans, and writes: either all files or, where one can't be read or written, none.
 * A policy that said something else before may be somebody's work: it is kept beside, as `<name>.bak`.
 * Throws an {@link ExportError} `usage` for answers that don't fit, `unreadable` for a file or folder that can't be used.
 */
export async function writeScaffold(folder: string, input: ScaffoldInput): Promise<ScaffoldResult> {
  const existing = new Map<string, string>();
  for (const { name } of planScaffold(input)) {
    const file = path.join(folder, name);
    if (await exists(file)) existing.set(name, await readTextFile(file));
  }
  const files = planScaffold(input, existing);
  const changed = files.filter(file => file.text !== file.before);
  const backups: { name: string; text: string }[] = [];
  for (const { name, before } of changed) {
    if (before === undefined || name === SCAFFOLD_FILES.env) continue;
    backups.push({ name: await freeName(folder, `${name}.bak`), text: before });
  }
  await writeAll(folder, [...backups, ...changed]);
  const inFolder = ({ name }: { readonly name: string }) => path.join(folder, name);
  return {
    written: changed.map(inFolder),
    unchanged: files.filter(file => file.text === file.before).map(inFolder),
    kept: backups.map(inFolder),
    leftOver: findLeftOver(input, existing.get(SCAFFOLD_FILES.env) ?? ''),
  };
}

/** The first of `name`, `name2`, `name3` … that no file has. */
async function freeName(folder: string, name: string): Promise<string> {
  let candidate = name;
  for (let n = 2; await exists(path.join(folder, candidate)); n++) candidate = name + n;
  return candidate;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Writes beside the targets first and renames then, so that a full disk or a missing permission changes nothing. */
async function writeAll(folder: string, files: readonly { readonly name: string; readonly text: string }[]) {
  const prepared: { temporary: string; target: string }[] = [];
  let at = folder;
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) {
      at = path.join(folder, name);
      const target = await realpath(at).catch(() => at);
      const temporary = `${target}.${randomUUID()}.tmp`;
      prepared.push({ temporary, target });
      await writeFile(temporary, text, { flag: 'wx' });
      const mode = (await stat(target).catch(() => undefined))?.mode;
      if (mode !== undefined) await chmod(temporary, mode);
      else if (name.endsWith('.sh')) await chmod(temporary, 0o755);
    }
    for (const { temporary, target } of prepared) {
      at = target;
      await rename(temporary, target);
    }
  } catch (error) {
    await Promise.all(prepared.map(({ temporary }) => rm(temporary, { force: true })));
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new ExportError('unreadable', t('{0} could not be written: {1}', at, reason), t('Choose another folder.'), {
      cause: error,
    });
  }
}
