import { parseRoleArn, partitionOfRegion } from '../../aws-names';
import type { ExportFacts } from '../../export-facts';
import type { ExportTarget } from '../../export-settings';
import { folderDistance, nameOf } from '../../lint/source-file';
import type { SourceFiles } from '../../lint/source-files';
import { editDistance } from '../../text/edit-distance';
import { isOpen, type JudgedTarget, NEEDED_ACTIONS } from './needed-requests';
import { bucketOf, literalBuckets, namesBucket, type PolicyReading, readPolicy } from './policy-reading';

type ExportWithTarget = ExportFacts & { readonly target: ExportTarget };

/** What a permission or bucket policy is judged for. Empty `exports`: by the bucket that it names itself. */
export interface Relevance {
  readonly exports: readonly ExportWithTarget[];
  /** Whether the policy names the bucket of those exports. */
  readonly isNamed: boolean;
  /** Whether only the policy can be wrong about the bucket, so that a fix may write the export's. */
  readonly isCertain: boolean;
}

/** The bucket of the vendor's page, which stands for the reader's own. */
const SAMPLE_BUCKET = 'my-bucket';

/** Of the exports that an env file beside a policy, or one folder up or down, states. */
const NEAR = 1;

/**
 * Whether a policy is about the export, and which one. A project may hold many policies that have nothing to do with it,
 * so one that names another bucket is taken for the export's only where something says so: its name, a statement id of the
 * vendor's page, a bucket that is misspelt, or what it allows, while no policy names the export's bucket.
 */
export function relevanceOf(policy: PolicyReading, files: SourceFiles): Relevance | undefined {
  const exports = files.exports.filter(hasTarget);
  const named = exports.filter(({ target }) => namesExport(policy, target.bucket));
  if (named.length > 0) {
    const isMeant = policy.isNamedAsOurs || policy.hasOurSid || !readsOnly(policy) || isOnly(policy, named, files);
    return isMeant ? { exports: nearest(named, policy.path), isNamed: true, isCertain: true } : undefined;
  }
  if (policy.kind === 'bucket' && !policy.isNamedAsOurs) return undefined;
  const near = files.exportsFor(policy.path).filter(hasTarget);
  if (near.length === 0)
    return isAboutAnExport(policy, files) ? { exports: [], isNamed: false, isCertain: false } : undefined;
  const isCertain = literalBuckets(policy.statements).every(name => name === SAMPLE_BUCKET);
  const isBeside = near.some(({ file }) => folderDistance(file, policy.path) === 0);
  const open = near.filter(({ target }) => !files.all.some(file => claims(file, policy, target.bucket)));
  if (policy.isNamedAsOurs && isBeside) return { exports: open.length > 0 ? open : near, isNamed: false, isCertain };
  if (open.length === 0) return undefined;
  if (policy.isNamedAsOurs || policy.hasOurSid) return { exports: open, isNamed: false, isCertain };
  const misspelt = open.filter(({ target }) =>
    literalBuckets(policy.statements).some(name => isTypoOf(name, target.bucket)),
  );
  if (misspelt.length > 0) return { exports: misspelt, isNamed: false, isCertain };
  const isNear = near.some(({ file }) => folderDistance(file, policy.path) <= NEAR);
  return isNear && resemblesExport(policy, files) ? { exports: open, isNamed: false, isCertain } : undefined;
}

function hasTarget(facts: ExportFacts): facts is ExportWithTarget {
  return facts.target !== undefined;
}

function nearest(exports: readonly ExportWithTarget[], path: string): ExportWithTarget[] {
  return [...exports].sort((a, b) => folderDistance(a.file, path) - folderDistance(b.file, path));
}

function namesExport(policy: PolicyReading, bucket: string): boolean {
  return policy.statements.some(({ resources, notResources }) =>
    [...resources, ...notResources].some(({ value }) => namesBucket(value, bucket)),
  );
}

/** Whether another permission policy names the bucket. */
function claims(file: Parameters<typeof readPolicy>[0], policy: PolicyReading, bucket: string): boolean {
  if (file.path === policy.path || !/\.json$/i.test(file.path)) return false;
  const other = readPolicy(file);
  return other?.kind === policy.kind && namesExport(other, bucket);
}

/** A policy for people who read the logs. */
function readsOnly({ statements }: PolicyReading): boolean {
  const actions = statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(each => [...each.actions, ...each.notActions]);
  return actions.length > 0 && actions.every(({ value }) => /^s3:(?:get|list|head|describe)/i.test(value));
}

/** Whether it is beside the export, and no other policy is about the bucket. */
function isOnly(policy: PolicyReading, exports: readonly ExportWithTarget[], files: SourceFiles): boolean {
  return exports.some(
    ({ file, target }) =>
      folderDistance(file, policy.path) === 0 && !files.all.some(each => claims(each, policy, target.bucket)),
  );
}

/** Without an export beside it: what says that a policy is about one. */
function isAboutAnExport(policy: PolicyReading, files: SourceFiles): boolean {
  if (policy.isNamedAsOurs || policy.hasOurSid) return true;
  const isAlone = files.all.length <= 1;
  const isInProject = files.all.some(
    ({ path, text }) => /(?:^|\/)dockerfile$/i.test(path) && /astro-?runtime|astrocrpublic/i.test(text),
  );
  return (
    (isAlone || isInProject) &&
    policy.kind === 'permission' &&
    neededOf(policy) >= 3 &&
    literalBuckets(policy.statements).length === 1
  );
}

/** How many of the needed actions a policy names, where it names no other action; else 0. */
function neededOf({ statements }: PolicyReading): number {
  const allowed = statements.filter(({ effect }) => effect === 'Allow');
  const actions = allowed.flatMap(each => each.actions.map(({ value }) => value.toLowerCase()));
  const needed = NEEDED_ACTIONS.map(action => action.toLowerCase());
  const isOther = (action: string) =>
    !needed.includes(action) && !/^kms:(?:decrypt|generatedatakey\*?|encrypt)$/.test(action);
  if (allowed.some(({ elements }) => elements.has('NotAction')) || actions.some(isOther)) return 0;
  return needed.filter(action => actions.includes(action)).length;
}

/** Whether a policy beside an export allows what only an export's would, or is the only one that comes near it. */
function resemblesExport(policy: PolicyReading, files: SourceFiles): boolean {
  if (policy.kind !== 'permission' || /scp|service-?control|boundary|guardrail|admin/i.test(nameOf(policy.path)))
    return false;
  if (neededOf(policy) === NEEDED_ACTIONS.length) return true;
  return writesOneBucket(policy) && !files.all.some(file => file.path !== policy.path && isLikeIt(file));
}

function isLikeIt(file: Parameters<typeof readPolicy>[0]): boolean {
  const other = /\.json$/i.test(file.path) ? readPolicy(file) : undefined;
  return other?.kind === 'permission' && writesOneBucket(other);
}

/** Whether a policy is about S3 alone and lets somebody write into one bucket, or into all of them. */
function writesOneBucket({ statements }: PolicyReading): boolean {
  const allowed = statements.filter(({ effect }) => effect === 'Allow');
  const actions = allowed.flatMap(each => each.actions.map(({ value }) => value.toLowerCase()));
  const isForeign = (action: string) => !/^(?:\*$|s3:|kms:|(?:put|get|list|delete)\w*$)/.test(action);
  const isWrite = (action: string) => /^(?:\*|s3:\*|s3:put(?:\*|object\w{0,2})|putobject)$/.test(action);
  if (actions.some(isForeign) || !actions.some(isWrite)) return false;
  return literalBuckets(allowed).length <= 1;
}

function isTypoOf(name: string, bucket: string): boolean {
  if (name.toLowerCase() === bucket || name.replace(/[_.]/g, '-') === bucket.replace(/\./g, '-')) return true;
  return bucket.length > 5 && editDistance(name, bucket, 2) <= (bucket.length > 8 ? 2 : 1) && !isNumbered(name, bucket);
}

/** `logs`, `logs-1` and `logs-2` are buckets of their own, and no slips of the pen. */
function isNumbered(name: string, bucket: string): boolean {
  const stem = (text: string) => text.replace(/[-.]?\d+/g, '');
  return stem(name) === stem(bucket);
}

/** The target of an export, as a policy is judged for it. */
export function targetOfExport({ target }: ExportWithTarget, policy: PolicyReading): JudgedTarget {
  const role = target.roleArn === undefined ? undefined : parseRoleArn(target.roleArn);
  const byRole = role && !('problem' in role) ? role.partition : undefined;
  const byRegion = target.region === undefined ? undefined : partitionOfRegion(target.region);
  return {
    bucket: target.bucket,
    prefix: target.prefix,
    partition: byRole ?? byRegion ?? partitionIn(policy),
    ...(target.roleArn === undefined ? {} : { roleArn: target.roleArn }),
    ...(target.region === undefined ? {} : { region: target.region }),
  };
}

function partitionIn({ statements }: PolicyReading): string {
  const found = statements.flatMap(({ resources }) => resources.map(({ value }) => bucketOf(value)?.partition));
  return found.find(partition => partition !== undefined && /^aws[a-z-]*$/.test(partition)) ?? 'aws';
}

/** The target that a policy names itself: where its objects lie, else its bucket. */
export function targetOfPolicy(policy: PolicyReading): JudgedTarget | undefined {
  const resources = policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(each => each.resources.map(({ value }) => value))
    .filter(value => !isOpen(value));
  const found = resources.map(value => bucketOf(value)).filter(each => each !== undefined && !/[*?]/.test(each.bucket));
  const best = found.find(each => each?.key !== undefined) ?? found[0];
  if (!best || best.bucket === '') return undefined;
  const fixed = best.key?.split(/[*?]/, 1)[0] ?? '';
  const prefix = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  return { bucket: best.bucket, prefix, partition: best.partition };
}
