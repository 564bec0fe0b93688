import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildBucketPolicy, buildKeyPolicyStatement, buildTlsOnlyStatement } from '../../../src/core/iam/build';
import type { PolicyDocument, PolicyStatement } from '../../../src/core/iam/policy';
import { policyRecord } from '../../../src/sandbox/policy-record';
import { BUCKET, DEPLOYMENT_ROLE, EXPORT_ROLE, type Mode, startWorld, type VerifyRun } from './world';

/** Every builder's output as a role's policy: it lets the verification pass, and nothing of it is too much. */

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const FOREIGN_KEY = KEY.replace('123456789012', '999999999999');
const REGION = ['--region', 'us-east-1'];

type World = Awaited<ReturnType<typeof startWorld>>;
let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

/** One action, or one resource, taken out of a policy, and the actions that nothing allows any more. */
interface Removal {
  readonly what: string;
  readonly document: PolicyDocument;
  readonly actions: readonly string[];
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();

function removals(document: PolicyDocument): Removal[] {
  const statements = [document.Statement].flat() as PolicyStatement[];
  return statements.flatMap((statement, i) => {
    const without = (part: 'Action' | 'Resource', value: string): PolicyDocument => {
      const rest = listOf(statement[part]).filter(each => each !== value);
      const changed = rest.length === 0 ? [] : [{ ...statement, [part]: rest }];
      return { ...document, Statement: [...statements.slice(0, i), ...changed, ...statements.slice(i + 1)] };
    };
    const onBucket = (action: string) => action === 's3:ListBucket';
    const actions = listOf(statement.Action);
    return [
      ...actions.map(action => ({ what: `action ${action}`, document: without('Action', action), actions: [action] })),
      ...listOf(statement.Resource).map(resource => ({
        what: `resource ${resource}`,
        document: without('Resource', resource),
        // A bucket's ARN is for listing, that of its objects for the rest; a key's is for all that are asked of it.
        // What can't be written can't be deleted either, so that deleting isn't tried then.
        actions: resource.includes(':kms:')
          ? ['kms:GenerateDataKey']
          : actions.filter(action => onBucket(action) === !resource.includes('/') && action !== 's3:DeleteObject'),
      })),
    ];
  });
}

/** What a person is told in all failed checks together. */
const told = (run: VerifyRun) =>
  run.checks
    .filter(check => check.status === 'fail')
    .map(check => `${check.message} ${check.nextStep}`)
    .join('\n');

const read = (here: World, name: string): PolicyDocument =>
  JSON.parse(readFileSync(path.join(here.dir, name), 'utf8')) as PolicyDocument;

interface Case {
  readonly name: string;
  readonly mode: Mode;
  readonly answers: readonly string[];
  readonly encrypted?: string;
}

const both = (['assume-role', 'workload-identity'] as const).flatMap((mode): Case[] => [
  { name: `${mode}, documented`, mode, answers: REGION },
  { name: `${mode}, least privilege`, mode, answers: [...REGION, '--least-privilege'] },
]);
const cases: readonly Case[] = [
  ...both,
  {
    name: 'assume-role, least privilege, with a key',
    mode: 'assume-role',
    answers: [...REGION, '--least-privilege', '--kms-key', KEY],
    encrypted: KEY,
  },
];

it.each(cases)(
  '$name: all of the permission policy is enough, and each part of it is needed',
  async ({ mode, answers, encrypted }) => {
    world = await startWorld(mode, { answers });
    const here = world;
    if (encrypted !== undefined) {
      await here.sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: encrypted } });
    }
    const proof = mode === 'assume-role' ? [] : ['--deployment-role', DEPLOYMENT_ROLE];
    expect(await here.verify([...proof, '--require-proof'])).toMatchObject({ code: 0, ok: true, proven: true });

    const document = read(here, 'secondary-logs-policy.json');
    const setPolicy = policySetter(here, mode === 'assume-role' ? EXPORT_ROLE : DEPLOYMENT_ROLE);
    for (const removal of removals(document)) {
      setPolicy(removal.document);
      const run = await here.verify(proof);
      expect({ what: removal.what, ok: run.ok, code: run.code }).toEqual({ what: removal.what, ok: false, code: 1 });
      for (const action of removal.actions) expect(told(run), removal.what).toContain(action);
    }
  },
);

describe('the trust policy', () => {
  it.each([
    ['one Deployment', []],
    ['several', ['--deployment-role', 'arn:aws:iam::111122223333:role/second']],
  ])('for %s: it lets the Deployment in, and without its principal or action nobody', async (_name, more) => {
    world = await startWorld('assume-role', { answers: [...REGION, ...more] });
    const here = world;
    expect(await here.verify(['--require-proof'])).toMatchObject({ ok: true, proven: true });
    const role = here.sandbox.identities.findRoleByArn(EXPORT_ROLE)!;
    const trust = read(here, 'secondary-logs-trust-policy.json');
    const [statement] = trust.Statement as PolicyStatement[];
    for (const change of [
      { Principal: { AWS: 'arn:aws:iam::111122223333:role/another' } },
      { Action: 'sts:TagSession' },
    ]) {
      role.trust = here.sandbox.identities.bindTrust({
        ...trust,
        Statement: [{ ...statement, ...change } as PolicyStatement],
      });
      const run = await here.verify();
      expect(run).toMatchObject({ ok: false, code: 1 });
      expect(run.check('assume-role').status).toBe('fail');
      expect(told(run)).toContain('sts:AssumeRole');
    }
  });
});

describe('a bucket in another account', () => {
  const permission = { bucket: BUCKET, prefix: 'logs', leastPrivilege: true };

  it('all of the bucket policy is enough, and each part of it is needed', async () => {
    world = await startWorld('assume-role', { answers: [...REGION, '--least-privilege'] });
    const here = world;
    const policy = buildBucketPolicy({ ...permission, roles: [EXPORT_ROLE] });
    const tlsOnly = buildTlsOnlyStatement(BUCKET);
    await moveBucket(here);
    const set = (document: PolicyDocument) =>
      here.sandbox.s3.setBucketPolicy(BUCKET, {
        ...document,
        Statement: [...(document.Statement as PolicyStatement[]), tlsOnly],
      });
    await set(policy);
    expect(await here.verify(['--require-proof'])).toMatchObject({ ok: true, proven: true });
    for (const removal of removals(policy)) {
      await set(removal.document);
      const run = await here.verify();
      expect({ what: removal.what, ok: run.ok }).toEqual({ what: removal.what, ok: false });
      for (const action of removal.actions) expect(told(run), removal.what).toContain(action);
    }
  });

  it("the key policy's statement is needed, for each of its actions", async () => {
    world = await startWorld('assume-role', { answers: [...REGION, '--kms-key', FOREIGN_KEY] });
    const here = world;
    await moveBucket(here);
    const policy = buildBucketPolicy({ bucket: BUCKET, prefix: 'logs', roles: [EXPORT_ROLE] });
    await here.sandbox.s3.setBucketPolicy(BUCKET, policy);
    await here.sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: FOREIGN_KEY } });
    const statement = buildKeyPolicyStatement([EXPORT_ROLE]);
    const allow = (actions: readonly string[]) =>
      here.sandbox.s3.setKmsKey({
        arn: FOREIGN_KEY,
        policy: { Version: '2012-10-17', Statement: [{ ...statement, Action: actions }] },
      });
    const actions = listOf(statement.Action);
    allow(actions);
    expect(await here.verify(['--require-proof'])).toMatchObject({ ok: true, proven: true });
    for (const action of actions) {
      allow(actions.filter(each => each !== action));
      const run = await here.verify();
      expect({ action, ok: run.ok }).toEqual({ action, ok: false });
      // Across accounts S3 doesn't say which action it was.
      expect(run.checks.flatMap(check => check.causes)).toContain('kms-denied');
    }
  });
});

/** What writes the policy that the seed gave a role, in place. */
function policySetter({ sandbox }: World, roleArn: string): (document: PolicyDocument) => void {
  const role = sandbox.identities.findRoleByArn(roleArn)!;
  const record = (document: PolicyDocument) => policyRecord(JSON.stringify(document), 'identity');
  const managed = [...role.attached].flatMap(arn => sandbox.identities.findPolicy(arn) ?? [])[0];
  const [inlineName] = [...role.inline.keys()];
  if (!managed) return document => void role.inline.set(inlineName as string, record(document));
  const version = managed.versions.get(managed.defaultVersionId)!;
  return document => void managed.versions.set(version.id, { ...version, policy: record(document) });
}

/** Gives the bucket to an account that isn't the role's. */
async function moveBucket({ sandbox }: World): Promise<void> {
  const record = sandbox.s3.describeBucket(BUCKET) as { ownerAccount: string };
  record.ownerAccount = '999999999999';
}
