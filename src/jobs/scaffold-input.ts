import { t } from '@vscode/l10n';
import { bucketNameProblem, parseRoleArn, partitionOfRegion, regionProblem } from '../core/aws-names';
import type { AccessMode } from '../core/export-settings';

/** The form in which the policies are written beside their JSON. */
export const RENDERINGS = ['json', 'terraform', 'cloudformation', 'aws-cli'] as const;

export type Rendering = (typeof RENDERINGS)[number];

/** What a person answers; texts as typed, judged by {@link findScaffoldProblems}. */
export interface ScaffoldInput {
  readonly bucket: string;
  /** The folder in the bucket; slashes at its ends don't matter. */
  readonly prefix: string;
  readonly mode: AccessMode;
  readonly region?: string;
  /** The role to assume; exactly in `assume-role`. */
  readonly roleArn?: string;
  /** The Deployments' workload identities. */
  readonly deploymentRoles?: readonly string[];
  readonly leastPrivilege?: boolean;
  readonly kmsKey?: string;
  readonly externalId?: string;
  /** The bucket's account, where it isn't the role's. */
  readonly bucketAccount?: string;
  readonly oidcIssuer?: string;
  readonly oidcAccount?: string;
  readonly namespace?: string;
  /** Default `json`. */
  readonly rendering?: Rendering;
}

/** An answer that can't be used. */
export interface ScaffoldProblem {
  readonly field: keyof ScaffoldInput;
  readonly message: string;
}

/** The folder as it is written: without slashes at its ends. */
export function normalPrefix(prefix: string): string {
  return prefix.replace(/^\/+|\/+$/g, '');
}

/**
 * Why a folder can't be used; undefined where it can. A line of a `.env` file is read alike by all Astro commands only
 * without blanks, quotes, `#`, `$` and backslash, and IAM takes `*`, `?` and `$` in a resource for more than themselves.
 */
export function prefixProblem(prefix: string): string | undefined {
  const folder = normalPrefix(prefix);
  if (folder === '') return t('The folder has no name.');
  if (/^s3:/i.test(folder)) return t('The folder is given without s3:// and bucket.');
  const bad = /[^A-Za-z0-9._=+:@~,/-]/u.exec(folder);
  if (bad) {
    const code = (bad[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
    const shown = /[!-~]/.test(bad[0]) ? bad[0] : `U+${code}`;
    return t('A folder that every Astro command and IAM read alike has no {0} in its name.', shown);
  }
  if (folder.split('/').some(part => part === '' || part === '.' || part === '..')) {
    return t('A part of the folder between two slashes has no name.');
  }
  if (folder.length > 512) return t('The folder is too long: the keys of logs have to fit into 1,024 bytes with it.');
  return undefined;
}

/** Why a text is not an account id; undefined where it is one. */
export function accountProblem(text: string): string | undefined {
  return /^\d{12}$/.test(text) ? undefined : t('An account id has 12 digits.');
}

/** Why a text is not the ARN of a role; undefined where it is one. */
export function roleArnProblem(text: string): string | undefined {
  const arn = parseRoleArn(text);
  return 'problem' in arn ? arn.problem : undefined;
}

const KEY_ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):key\/([A-Za-z0-9-]+)$/;

/** The parts of a KMS key's ARN; undefined for anything else, an alias too, which no policy can name. */
export function parseKeyArn(text: string): { partition: string; region: string; account: string } | undefined {
  const [, partition, region, account] = KEY_ARN.exec(text) ?? [];
  return partition && region && account ? { partition, region, account } : undefined;
}

/** Why a text is not the ARN of a KMS key; undefined where it is one. */
function keyArnProblem(text: string): string | undefined {
  if (parseKeyArn(text)) return undefined;
  return /:alias\//.test(text)
    ? t("A policy names a key by its own ARN, not by an alias's.")
    : t("A key's ARN reads like arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab.");
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html */
function externalIdProblem(text: string): string | undefined {
  if (/^[\w+=,.@:/-]{2,1224}$/.test(text)) return undefined;
  return t('An external id has 2 to 1,224 letters, digits and + = , . @ : / - _ characters.');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html */
function issuerProblem(text: string): string | undefined {
  if (/^(https:\/\/)?[a-z0-9-]+(\.[a-z0-9-]+)+(\/[A-Za-z0-9._~-]+)*\/?$/i.test(text)) return undefined;
  return t('An issuer is a URL like https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE, without port and query.');
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
function namespaceProblem(text: string): string | undefined {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return undefined;
  return t('A namespace has at most 63 small letters, digits and hyphens, and begins and ends with none of the last.');
}

/** Everything that is wrong with the answers, each with the field to change; empty where they fit together. */
export function findScaffoldProblems(input: ScaffoldInput): ScaffoldProblem[] {
  const problems: ScaffoldProblem[] = [];
  const add = (field: keyof ScaffoldInput, message: string | undefined) => {
    if (message !== undefined) problems.push({ field, message });
  };
  const check = (field: keyof ScaffoldInput, judge: (text: string) => string | undefined) => {
    const value = input[field];
    for (const one of Array.isArray(value) ? value : [value]) if (typeof one === 'string') add(field, judge(one));
  };
  check('bucket', bucketNameProblem);
  check('prefix', prefixProblem);
  check('region', regionProblem);
  check('roleArn', roleArnProblem);
  check('deploymentRoles', roleArnProblem);
  check('kmsKey', keyArnProblem);
  check('externalId', externalIdProblem);
  check('bucketAccount', accountProblem);
  check('oidcIssuer', issuerProblem);
  check('oidcAccount', accountProblem);
  check('namespace', namespaceProblem);
  if (problems.length === 0) {
    findMissing(input, add);
    findContradictions(input, add);
  }
  return problems;
}

type Add = (field: keyof ScaffoldInput, message: string | undefined) => void;

function findMissing(input: ScaffoldInput, add: Add): void {
  const { mode, roleArn, deploymentRoles = [], oidcIssuer, oidcAccount, namespace } = input;
  const hasOidc = [oidcIssuer, oidcAccount, namespace].some(value => value !== undefined);
  const oidcFields = { oidcIssuer, oidcAccount, namespace };
  for (const [field, value] of Object.entries(oidcFields)) {
    if (hasOidc && value === undefined) {
      add(field as keyof ScaffoldInput, t('It is needed: issuer, account and namespace name an identity together.'));
    }
  }
  if (mode === 'assume-role') {
    if (roleArn === undefined) add('roleArn', t('It is needed: the role that the Deployment assumes.'));
    if (deploymentRoles.length === 0 && !hasOidc) {
      add('deploymentRoles', t("It is needed: the Deployment's workload identity, which the trust policy lets in."));
    }
    return;
  }
  if (roleArn !== undefined) add('roleArn', t('It belongs to the mode assume-role: it would switch the export to it.'));
  if (input.externalId !== undefined) add('externalId', t('It belongs to the mode assume-role.'));
  if (input.bucketAccount !== undefined && deploymentRoles.length === 0) {
    add('deploymentRoles', t('It is needed: the bucket policy has to name the role that writes.'));
  }
}

function findContradictions(input: ScaffoldInput, add: Add): void {
  const { roleArn, deploymentRoles = [], region, kmsKey, oidcAccount } = input;
  const partition = partitionOf(input);
  const differs = (other: string | undefined) =>
    other === undefined || other === partition
      ? undefined
      : t('It lies in the partition {0}, the rest in {1}.', other, partition);
  add('region', differs(region === undefined ? undefined : partitionOfRegion(region)));
  for (const role of deploymentRoles) {
    add('deploymentRoles', differs(partitionOfRole(role)));
    if (role === roleArn)
      add('deploymentRoles', t('It is the role to assume itself, which the Deployment is not yet.'));
  }
  const key = kmsKey === undefined ? undefined : parseKeyArn(kmsKey);
  if (key) {
    add('kmsKey', differs(key.partition));
    if (region !== undefined && key.region !== region) {
      add('kmsKey', t("It lies in {0}: S3 uses only keys of the bucket's own region, {1}.", key.region, region));
    }
  }
  const roleAccount = roleArn?.split(':')[4];
  if (oidcAccount !== undefined && roleAccount !== undefined && roleAccount !== oidcAccount) {
    add(
      'oidcAccount',
      t("It isn't the role's account, {0}: a role trusts only its own account's providers.", roleAccount),
    );
  }
}

function partitionOfRole(arn: string): string | undefined {
  const role = parseRoleArn(arn);
  return 'problem' in role ? undefined : role.partition;
}

/** The partition that the answers name: the role's, else the Deployment's, the region's or the key's; default `aws`. */
export function partitionOf({ roleArn, deploymentRoles = [], region, kmsKey }: ScaffoldInput): string {
  const role = roleArn ?? deploymentRoles[0];
  if (role !== undefined) return partitionOfRole(role) ?? 'aws';
  if (region !== undefined) return partitionOfRegion(region) ?? 'aws';
  return (kmsKey === undefined ? undefined : parseKeyArn(kmsKey)?.partition) ?? 'aws';
}
