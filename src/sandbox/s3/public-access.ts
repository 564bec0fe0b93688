import type { OneOrMany, PolicyDocument, PolicyStatement } from '../../core/iam/policy';

/** Condition keys that, held to fixed values, keep a policy from being public. */
const NARROWING = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:sourceip',
  'aws:userid',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
]);

/**
 * Whether a bucket policy grants access to anybody.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublicPolicy(policy: PolicyDocument): boolean {
  return statementsOf(policy).some(
    statement => statement.Effect === 'Allow' && namesEverybody(statement) && !isNarrowed(statement),
  );
}

export function statementsOf(policy: PolicyDocument): readonly PolicyStatement[] {
  return 'Effect' in policy.Statement ? [policy.Statement] : policy.Statement;
}

export function listOf<T>(value: OneOrMany<T> | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}

function namesEverybody({ Principal, NotPrincipal }: PolicyStatement): boolean {
  if (NotPrincipal !== undefined) return true;
  if (Principal === undefined || Principal === '*') return Principal === '*';
  return Object.values(Principal).some(value => listOf(value).includes('*'));
}

function isNarrowed(statement: PolicyStatement): boolean {
  return Object.entries(statement.Condition ?? {}).some(
    ([operator, keys]) =>
      /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|IpAddress)$/i.test(operator) &&
      Object.entries(keys).some(([key, values]) => {
        const name = key.toLowerCase();
        return NARROWING.has(name) && listOf(values).every(value => isFixed(name, String(value)));
      }),
  );
}

function isFixed(key: string, value: string): boolean {
  if (key === 'aws:sourceip') return !/\/0$/.test(value);
  if (key === 'aws:userid') return !value.startsWith('*');
  return !/[*?]|\$\{/.test(key === 'aws:principalorgpaths' ? value.replace(/\*$/, '') : value);
}
