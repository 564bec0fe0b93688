import { t } from '@vscode/l10n';
import { showValue } from './text/show-value';
import type { TextRange } from './text/text-range';

/** A part of AWS that shares no names, accounts or roles with the others. */
export type Partition =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-eusc'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f';

export interface AwsRegion {
  readonly id: string;
  /** As AWS's console calls it: `US East (N. Virginia)`. */
  readonly name: string;
  readonly partition: Partition;
}

/** What is wrong with a name, and where in it; `range` counts from the start of the name. */
export interface NameProblem {
  readonly message: string;
  readonly range: TextRange;
}

/**
 * The shape of a region's id in each partition, as the AWS SDKs know them
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html). Areas are written in lower case.
 */
const REGION_SHAPES: readonly (readonly [Partition, RegExp])[] = [
  ['aws', /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/],
  ['aws-cn', /^cn-[a-z]+-\d+$/],
  ['aws-us-gov', /^us-gov-[a-z]+-\d+$/],
  ['aws-eusc', /^eusc-de-[a-z]+-\d+$/],
  ['aws-iso', /^us-iso-[a-z]+-\d+$/],
  ['aws-iso-b', /^us-isob-[a-z]+-\d+$/],
  ['aws-iso-e', /^eu-isoe-[a-z]+-\d+$/],
  ['aws-iso-f', /^us-isof-[a-z]+-\d+$/],
];

const AWS_PARTITIONS: readonly Partition[] = REGION_SHAPES.map(([partition]) => partition);

const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'af-south-1': 'Africa (Cape Town)',
  'ap-east-1': 'Asia Pacific (Hong Kong)',
  'ap-east-2': 'Asia Pacific (Taipei)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-northeast-2': 'Asia Pacific (Seoul)',
  'ap-northeast-3': 'Asia Pacific (Osaka)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-south-2': 'Asia Pacific (Hyderabad)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ap-southeast-3': 'Asia Pacific (Jakarta)',
  'ap-southeast-4': 'Asia Pacific (Melbourne)',
  'ap-southeast-5': 'Asia Pacific (Malaysia)',
  'ap-southeast-6': 'Asia Pacific (New Zealand)',
  'ap-southeast-7': 'Asia Pacific (Thailand)',
  'ca-central-1': 'Canada (Central)',
  'ca-west-1': 'Canada West (Calgary)',
  'eu-central-1': 'Europe (Frankfurt)',
  'eu-central-2': 'Europe (Zurich)',
  'eu-north-1': 'Europe (Stockholm)',
  'eu-south-1': 'Europe (Milan)',
  'eu-south-2': 'Europe (Spain)',
  'eu-west-1': 'Europe (Ireland)',
  'eu-west-2': 'Europe (London)',
  'eu-west-3': 'Europe (Paris)',
  'il-central-1': 'Israel (Tel Aviv)',
  'me-central-1': 'Middle East (UAE)',
  'me-south-1': 'Middle East (Bahrain)',
  'me-west-1': 'Middle East (Saudi Arabia)',
  'mx-central-1': 'Mexico (Central)',
  'sa-east-1': 'South America (São Paulo)',
  'sa-west-1': 'South America (Chile)',
  'cn-north-1': 'China (Beijing)',
  'cn-northwest-1': 'China (Ningxia)',
  'us-gov-east-1': 'AWS GovCloud (US-East)',
  'us-gov-west-1': 'AWS GovCloud (US-West)',
  'eusc-de-east-1': 'AWS European Sovereign Cloud (Germany)',
  'us-iso-east-1': 'US ISO East',
  'us-iso-west-1': 'US ISO West',
  'us-isob-east-1': 'US ISOB East (Ohio)',
  'us-isob-west-1': 'US ISOB West',
  'eu-isoe-west-1': 'EU ISOE West',
  'us-isof-east-1': 'US ISOF East',
  'us-isof-south-1': 'US ISOF South',
};

/** The regions that are known by name, the partition `aws` first. There may be newer ones. */
export const AWS_REGIONS: readonly AwsRegion[] = Object.entries(REGION_NAMES).map(([id, name]) => ({
  id,
  name,
  partition: partitionOfRegion(id) as Partition,
}));

const KNOWN_REGIONS: ReadonlyMap<string, AwsRegion> = new Map(AWS_REGIONS.map(region => [region.id, region]));

/** The region of that id; undefined for one that isn't known, which may exist nevertheless. */
export function knownRegion(id: string): AwsRegion | undefined {
  return KNOWN_REGIONS.get(id);
}

/** The partition a region's id belongs to by its shape, whether or not the region is known; undefined for another shape. */
export function partitionOfRegion(id: string): Partition | undefined {
  return REGION_SHAPES.find(([, shape]) => shape.test(id))?.[0];
}

/** Why a text doesn't have the shape of an AWS region; undefined where it has, known or not. */
export function regionProblem(text: string): string | undefined {
  if (partitionOfRegion(text)) return undefined;
  return t('An AWS region reads like us-east-1: small letters, hyphens and a number at the end.');
}

const BUCKET_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const BUCKET_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];
const ACCOUNT_REGIONAL = /-\d{12}-([a-z0-9-]+)-an$/;

/**
 * The first rule of S3 that a bucket name breaks, and where; undefined where it breaks none.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function findBucketNameProblem(name: string): NameProblem | undefined {
  const whole = { start: 0, end: name.length };
  const at = (start: number, length: number) => ({ start, end: start + length });
  if (name === '') return { message: t('The bucket has no name.'), range: whole };
  const bad = /[^a-z0-9.-]+/.exec(name);
  if (bad) {
    const message = /^[A-Z]+$/.test(bad[0])
      ? t('A bucket name has no capital letters: {0}', showValue(bad[0]))
      : t('A bucket name has only small letters, digits, hyphens and dots, not {0}', showCharacters(bad[0]));
    return { message, range: at(bad.index, bad[0].length) };
  }
  if (name.length < 3 || name.length > 63) {
    return { message: t('A bucket name has 3 to 63 characters, not {0}.', name.length), range: whole };
  }
  if (/^[.-]/.test(name)) {
    return { message: t('A bucket name begins with a letter or digit.'), range: at(0, 1) };
  }
  if (/[.-]$/.test(name)) {
    return { message: t('A bucket name ends with a letter or digit.'), range: at(name.length - 1, 1) };
  }
  const dots = /\.{2,}/.exec(name);
  if (dots) return { message: t('A bucket name has no two dots in a row.'), range: at(dots.index, dots[0].length) };
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    return { message: t('A bucket name does not have the form of an IP address.'), range: whole };
  }
  const prefix = BUCKET_PREFIXES.find(each => name.startsWith(each));
  if (prefix)
    return {
      message: t('AWS keeps this beginning of bucket names for itself: {0}', prefix),
      range: at(0, prefix.length),
    };
  const suffix = BUCKET_SUFFIXES.find(each => name.endsWith(each));
  if (suffix) {
    const range = at(name.length - suffix.length, suffix.length);
    return { message: t('AWS keeps this ending of bucket names for itself: {0}', suffix), range };
  }
  if (name.endsWith('-an') && !partitionOfRegion(ACCOUNT_REGIONAL.exec(name)?.[1] ?? '')) {
    const message = t('Only buckets of an account’s own namespace end in -an: name-<account>-<region>-an.');
    return { message, range: at(name.length - 3, 3) };
  }
  return undefined;
}

/** Why a text can't be the name of an S3 bucket; undefined where it can. */
export function bucketNameProblem(name: string): string | undefined {
  return findBucketNameProblem(name)?.message;
}

/** The parts of `arn:<partition>:iam::<account>:role/<path/>name`; ranges count from the start of the text. */
export interface RoleArn {
  readonly partition: Partition;
  /** Twelve digits. */
  readonly accountId: string;
  /** Begins and ends with `/`. */
  readonly path: string;
  readonly name: string;
  readonly ranges: { readonly partition: TextRange; readonly accountId: TextRange; readonly resource: TextRange };
}

/** Why a text is not the ARN of a role, and which part of it. */
export interface RoleArnProblem {
  readonly kind:
    | 'form'
    | 'service'
    | 'partition'
    | 'region'
    | 'account'
    | 'root'
    | 'user'
    | 'session'
    | 'resource'
    | 'name';
  readonly problem: string;
  readonly range: TextRange;
}

/**
 * Reads the ARN of an IAM role, as the console shows it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function parseRoleArn(text: string): RoleArn | RoleArnProblem {
  const whole = { start: 0, end: text.length };
  const colons = positionsOf(text, ':', 5);
  if (!text.startsWith('arn:') || colons.length < 5) {
    return {
      kind: 'form',
      problem: t('A role’s ARN reads like arn:aws:iam::123456789012:role/Name.'),
      range: whole,
    };
  }
  const [, partition, service, region, accountId] = [-1, ...colons].map((colon, i) => ({
    start: colon + 1,
    end: colons[i] ?? text.length,
  })) as [TextRange, TextRange, TextRange, TextRange, TextRange];
  const resource = { start: (colons[4] as number) + 1, end: text.length };
  const read = (range: TextRange) => text.slice(range.start, range.end);
  const fail = (kind: RoleArnProblem['kind'], range: TextRange, problem: string): RoleArnProblem => ({
    kind,
    problem,
    // An empty part can't be shown, so the colons round it stand for it.
    range: range.start === range.end ? { start: range.start - 1, end: Math.min(range.end + 1, text.length) } : range,
  });

  const id = read(partition) as Partition;
  if (!AWS_PARTITIONS.includes(id)) {
    return fail('partition', partition, t('There is no AWS partition of this name: {0}', showValue(read(partition))));
  }
  if (read(service) === 'sts' && read(resource).startsWith('assumed-role/')) {
    return fail('session', resource, t('This is the ARN of a session, which ends within hours, not of its role.'));
  }
  if (read(service) !== 'iam') {
    return fail('service', service, t('A role is a thing of the service iam, not of {0}', showValue(read(service))));
  }
  if (read(region) !== '') return fail('region', region, t('A role belongs to no region: its ARN has iam:: there.'));
  if (!/^\d{12}$/.test(read(accountId))) return fail('account', accountId, describeAccountFault(read(accountId)));
  const what = read(resource);
  if (what === 'root') return fail('root', resource, t('This is the account itself, not a role in it.'));
  if (what.startsWith('user/')) return fail('user', resource, t('This is a user; the export can only assume a role.'));
  if (what.startsWith('assumed-role/')) {
    return fail('session', resource, t('This is the ARN of a session, which ends within hours, not of its role.'));
  }
  if (!what.startsWith('role/')) {
    return fail('resource', resource, t('The last part of a role’s ARN is role/ and the role’s name.'));
  }
  const slash = what.lastIndexOf('/');
  const name = { start: resource.start + slash + 1, end: text.length };
  if (name.start === name.end) {
    return fail('name', resource, t('The role’s name is missing after the last slash.'));
  }
  const bad = /[^\w+=,.@-]+/.exec(read(name));
  if (bad) {
    const start = name.start + bad.index;
    const problem = t('A role name has only letters, digits and + = , . @ _ -, not {0}', showCharacters(bad[0]));
    return fail('name', { start, end: start + bad[0].length }, problem);
  }
  if (read(name).length > 64) {
    return fail('name', name, t('A role name has at most 64 characters, this one has {0}.', read(name).length));
  }
  const path = what.slice('role'.length, slash + 1);
  if (path === '//') {
    const range = { start: name.start - 1, end: name.start };
    return fail('name', range, t('Two slashes stand where a role’s ARN has one.'));
  }
  if (path.length > 512 || !/^[!-~]+$/.test(path)) {
    const range = { start: resource.start + 'role'.length, end: name.start };
    return fail('name', range, t('A role’s path has at most 512 characters, all of them ASCII without blanks.'));
  }
  return {
    partition: id,
    accountId: read(accountId),
    path,
    name: read(name),
    ranges: { partition, accountId, resource },
  };
}

/** What is wrong with an account id that isn't twelve digits and nothing else. */
export function describeAccountFault(id: string): string {
  const digits = id.replace(/\D/g, '').length;
  return digits === 12
    ? t('An account id is written as 12 digits with nothing between them.')
    : t('An account id has 12 digits, this one has {0}.', digits);
}

function positionsOf(text: string, character: string, most: number): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(character); at >= 0 && found.length < most; at = text.indexOf(character, at + 1)) {
    found.push(at);
  }
  return found;
}

/** Characters as a message can show them: what isn't visible ASCII by its code point. */
function showCharacters(text: string): string {
  const shown = [...text.slice(0, 20)].map(character =>
    /[!-~]/.test(character)
      ? character
      : `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return shown.join(shown.every(each => each.length === 1) ? '' : ' ');
}
