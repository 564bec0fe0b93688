import type { Node } from 'jsonc-parser';
import { nameOf, type SourceFile } from '../../lint/source-file';
import { compileResourceGlob, matchesGlob, splitArn } from '../match';
import { MOST_CHARACTERS, type PolicySource, readPolicySource } from './policy-source';
import { membersOf, type StatementView, statementsOf } from './policy-view';

/**
 * What a policy is attached to: an identity, a role as its trust, a bucket, or something else that the export has nothing
 * to do with (a KMS key, a queue).
 */
export type PolicyKind = 'permission' | 'trust' | 'bucket' | 'other';

/** A policy file as the rules see it. */
export interface PolicyReading {
  readonly path: string;
  readonly source: PolicySource;
  readonly kind: PolicyKind;
  /** Empty where the JSON couldn't be read. */
  readonly statements: readonly StatementView[];
  /** How many characters IAM counts. */
  readonly size: number;
  /** Whether the file is named as `scaffold` names it. */
  readonly isNamedAsOurs: boolean;
  /** Whether it has a statement id of the vendor's page or of `scaffold`. */
  readonly hasOurSid: boolean;
}

const known = new WeakMap<SourceFile, PolicyReading | { readonly isNone: true }>();

/** Reads a file as a policy, once; undefined for one that is none, whatever it is called. */
export function readPolicy(file: SourceFile): PolicyReading | undefined {
  let reading = known.get(file);
  if (!reading) {
    reading = read(file) ?? { isNone: true };
    known.set(file, reading);
  }
  return 'isNone' in reading ? undefined : reading;
}

const OUR_SIDS = ['ExternalS3Policy', 'ListLogFolder', 'WriteLogFolder', 'LogBucketKey'];

function read({ path, text }: SourceFile): PolicyReading | undefined {
  if (!looksLikePolicy(text)) return undefined;
  const size = countedSize(text);
  const name = nameOf(path).toLowerCase();
  const isNamedAsOurs = /secondary[-_]?(?:s3[-_]?)?logs?/.test(name);
  const source: PolicySource =
    size > MOST_CHARACTERS ? { text, repaired: text, repairs: [], place: range => range } : readPolicySource(text);
  const { root, puzzle } = source;
  // Words that speak of a policy, and no attempt at one.
  if (puzzle && /^\s*\p{L}/u.test(text)) return undefined;
  const statements = root ? statementsOf(root) : [];
  if (root && statements.length === 0 && !hasEmptyList(root)) return undefined;
  return {
    path,
    source,
    kind: root ? kindOf(statements, name) : kindByName(name, text),
    statements,
    size,
    isNamedAsOurs,
    hasOurSid: statements.some(({ sid }) => sid !== undefined && OUR_SIDS.includes(sid)),
  };
}

/** A policy that says nothing, and so allows nothing. */
function hasEmptyList(root: Node): boolean {
  const statement = membersOf(root).get('Statement')?.value;
  return statement?.type === 'array' && statement.children?.length === 0;
}

/** Where a text is looked at before it is read: a policy says at its beginning or its end that it is one. */
const LOOKED_AT = 100_000;

function looksLikePolicy(text: string): boolean {
  const part = text.length <= 2 * LOOKED_AT ? text : text.slice(0, LOOKED_AT) + text.slice(-LOOKED_AT);
  return /Statement\W{1,3}\s*[:[{]/.test(part) && /\b(?:Effect|(?:Not)?Action|Principal|Version)\b/.test(part);
}

/** IAM doesn't count blanks: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function countedSize(text: string): number {
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) size++;
  }
  return size;
}

function kindByName(name: string, text: string): PolicyKind {
  if (name.includes('trust')) return 'trust';
  if (/Principal/.test(text.slice(0, LOOKED_AT)))
    return /sts:AssumeRole/i.test(text.slice(0, LOOKED_AT)) ? 'trust' : 'bucket';
  return 'permission';
}

function kindOf(statements: readonly StatementView[], name: string): PolicyKind {
  const has = (element: string) => statements.some(({ elements }) => elements.has(element));
  const actions = statements.flatMap(each => [...each.actions, ...each.notActions]).map(({ value }) => value);
  const isOf = (service: string) => actions.some(action => action.toLowerCase().startsWith(`${service}:`));
  const hasResource = has('Resource') || has('NotResource');
  if (!has('Principal') && !has('NotPrincipal')) {
    return !hasResource && (isOf('sts') || name.includes('trust')) ? 'trust' : 'permission';
  }
  const hasOwner = (view: StatementView) => view.elements.has('Principal') || view.elements.has('NotPrincipal');
  if (isOf('s3') && !name.includes('bucket') && statements.some(view => view.effect === 'Allow' && !hasOwner(view))) {
    return 'permission';
  }
  if (isOf('sts')) return 'trust';
  if (isOf('s3')) return hasResource || !name.includes('trust') ? 'bucket' : 'trust';
  if (!hasResource) return 'trust';
  const resources = statements.flatMap(each => [...each.resources, ...each.notResources]);
  return resources.some(({ value }) => /^arn:[^:]*:s3:/.test(value))
    ? 'bucket'
    : name.includes('trust')
      ? 'trust'
      : 'other';
}

/** The partition and bucket of an S3 resource; the bucket may hold wildcards. Undefined for `*` and other services. */
export function bucketOf(resource: string): { partition: string; bucket: string; key: string | undefined } | undefined {
  const [, partition = '', service, region, account, path = ''] = splitArn(resource) ?? [];
  if (service !== 's3' || region !== '' || account !== '') return undefined;
  const slash = path.indexOf('/');
  const bucket = slash < 0 ? path : path.slice(0, slash);
  return { partition, bucket, key: slash < 0 ? undefined : path.slice(slash + 1) };
}

/** Whether a resource speaks of the bucket by its name, wholly or with wildcards in it. */
export function namesBucket(resource: string, bucket: string): boolean {
  const found = bucketOf(resource);
  if (!found || /^[*?]*$/.test(found.bucket)) return false;
  return matchesGlob(compileResourceGlob([{ text: found.bucket, wild: true }]), bucket);
}

/** The buckets that a policy's Allow statements name without wildcards or placeholders. */
export function literalBuckets(statements: readonly StatementView[]): string[] {
  const names = statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ resources }) => resources.flatMap(({ value }) => bucketOf(value)?.bucket ?? []));
  return [...new Set(names.filter(name => name !== '' && !/[*?${}<>%]/.test(name)))];
}
