import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DeleteRoleCommand, DeleteRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allow, deny, type Keys, policy, trusting, World } from '../conformance/world';
import { ProductExport, statuses } from '../product/export';
import { expectedObjects, foundObjects, SAMPLE_LOGS } from '../product/sample-logs';
import { gateway } from './gateway';

/** All checks of an export that works. The gateway has no GetCallerIdentity, so who asks stays open. */
const WORKS = {
  settings: 'pass',
  deployment: 'skip',
  'bucket-settings': 'skip',
  credentials: 'pass',
  identity: 'warn',
  'assume-role': 'pass',
  'bucket-region': 'pass',
  head: 'pass',
  put: 'pass',
  get: 'pass',
  append: 'pass',
  list: 'pass',
  delete: 'pass',
};

let world: World;
let deployment: { readonly arn: string; readonly keys: Keys };
let exported: ProductExport;
let role: string;

beforeAll(async () => {
  world = new World(gateway());
  // The Deployment's own role, as a session of which Airflow would ask.
  const { name, arn } = await world.role();
  await world.putRolePolicy(name, policy(allow('sts:AssumeRole')));
  deployment = { arn, keys: await world.assume(arn) };
});
afterAll(() => world.close());

beforeEach(async () => {
  await makeExport();
});
afterEach(() => exported.remove());

/** An export with its bucket and, from the files that scaffold wrote, its role. */
async function makeExport(...more: readonly string[]) {
  role = world.name('astro-logs');
  const roles = [
    '--role-arn',
    `arn:aws:iam::${world.backend.account}:role/${role}`,
    '--deployment-role',
    deployment.arn,
  ];
  const bucket = await world.bucket();
  exported = await ProductExport.scaffold(world.backend.endpoint, bucket, ['--mode', 'assume-role', ...roles, ...more]);
  await world.role(exported.trust, { RoleName: role });
  await world.putRolePolicy(role, exported.policy);
}

const verify = () => exported.verify(deployment.keys);

const setTrust = (PolicyDocument: string) =>
  world.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument }));

async function objectsLeft(): Promise<readonly (string | undefined)[]> {
  const { Contents = [] } = await world.s3().send(new ListObjectsV2Command({ Bucket: exported.bucket }));
  return Contents.map(({ Key }) => Key);
}

describe("scaffold's files in Ceph's gateway", () => {
  it('verify passes as the assumed role, says that nobody was asked who it is, and leaves nothing behind', async () => {
    const report = await verify();
    expect(statuses(report)).toEqual(WORKS);
    expect(report).toMatchObject({ code: 0, ok: true, proven: false });
    expect(await objectsLeft()).toEqual([]);
  });

  it.each([
    ['s3:ListBucket', { head: 'fail missing-list-bucket', list: 'fail missing-list-bucket' }],
    ['s3:GetObject', { get: 'fail missing-get-object', append: 'fail missing-get-object' }],
    ['s3:PutObject', { put: 'fail missing-put-object', append: 'skip', delete: 'skip' }],
    ['s3:DeleteObject', { delete: 'fail missing-delete-object' }],
  ])('without %s verify names it', async (right, found) => {
    await world.putRolePolicy(role, exported.policyWithout(right));
    const report = await verify();
    expect(statuses(report)).toEqual({ ...WORKS, ...found });
    const [failed] = report.checks.filter(({ status }) => status === 'fail');
    expect(report).toMatchObject({ code: 1, ok: false, proven: false });
    expect(failed?.nextStep).toContain(right);
  });

  it('the least privilege that scaffold knows is enough, but for the 404 that the gateway gives no condition', async () => {
    exported.remove();
    await makeExport('--least-privilege');
    const report = await verify();
    expect(statuses(report)).toEqual({ ...WORKS, head: 'fail missing-list-bucket' });
    expect(await exported.upload(deployment.keys, SAMPLE_LOGS)).toMatchObject({ code: 0, failed: 0 });
  });

  it('without any policy every request is named', async () => {
    await world.iam().send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: 'own' }));
    expect(statuses(await verify())).toMatchObject({
      'assume-role': 'pass',
      put: 'fail missing-put-object',
      list: 'fail missing-list-bucket',
    });
  });

  it.each(['s3:GetObject', 's3:PutObject'])('a Deny of %s beside it is among the causes', async right => {
    await world.putRolePolicy(role, exported.policyDenying(right));
    const check = (await verify()).checks.find(({ id }) => id === (right === 's3:PutObject' ? 'put' : 'get'));
    expect(check).toMatchObject({ status: 'fail', causes: expect.arrayContaining(['explicit-deny']) });
  });

  it('a Deny in the bucket policy is among the causes', async () => {
    const objects = `arn:aws:s3:::${exported.bucket}/*`;
    await world.putBucketPolicy(exported.bucket, deny('s3:PutObject', objects, { Principal: '*' }));
    const check = (await verify()).checks.find(({ id }) => id === 'put');
    expect(check).toMatchObject({ status: 'fail', causes: expect.arrayContaining(['bucket-policy-denies']) });
  });
});

describe('trust that is wrong', () => {
  const refused = async () => {
    const report = await verify();
    expect(report).toMatchObject({ code: 1, ok: false });
    expect(statuses(report)).toMatchObject({ head: 'skip', put: 'skip', list: 'skip' });
    return report.checks.find(({ id }) => id === 'assume-role')!;
  };

  it('names somebody else', async () => {
    await setTrust(trusting(world.backend.other.arn));
    const check = await refused();
    expect(check).toMatchObject({ status: 'fail', nextStep: expect.stringContaining(role) });
    expect(check.causes[0]).toBe('trust-denies');
  });

  it('denies', async () => {
    const { Statement } = JSON.parse(exported.trust) as { Statement: object[] };
    await setTrust(policy(...(Statement as never[]), { ...Statement[0], Effect: 'Deny' }));
    expect((await refused()).causes[0]).toBe('trust-denies');
  });

  it('lets another action', async () => {
    await setTrust(exported.trust.replace('sts:AssumeRole', 'sts:TagSession'));
    expect((await refused()).causes[0]).toBe('trust-denies');
  });

  it('went with its role', async () => {
    await world.iam().send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: 'own' }));
    await world.iam().send(new DeleteRoleCommand({ RoleName: role }));
    expect((await refused()).causes).toContain('role-not-found');
  });

  it('is mended, and the export works at once', async () => {
    await setTrust(trusting(world.backend.other.arn));
    await refused();
    await setTrust(exported.trust);
    expect(statuses(await verify())).toEqual(WORKS);
  });
});

describe('real logs', () => {
  it('are uploaded through the role, byte for byte under their keys, and once', async () => {
    const wanted = expectedObjects();
    const count = Object.keys(wanted).length;
    expect(count).toBeGreaterThan(50);
    expect(await exported.upload(deployment.keys, SAMPLE_LOGS)).toMatchObject({ code: 0, uploaded: count, failed: 0 });
    // What a role wrote is the role's here: even the bucket's owner may not read it.
    const own = await world.assume(`arn:aws:iam::${world.backend.account}:role/${role}`, {}, deployment.keys);
    expect(await foundObjects(world.s3(own), exported.bucket)).toEqual(wanted);
    const again = await exported.upload(deployment.keys, SAMPLE_LOGS);
    expect(again).toMatchObject({ code: 0, uploaded: 0, skipped: count, failed: 0 });
    expect(await exported.reconcile(deployment.keys, SAMPLE_LOGS)).toMatchObject({ code: 0, same: count });
  });

  it('are listed and read as they are', async () => {
    await exported.upload(deployment.keys, SAMPLE_LOGS);
    const wanted = Object.keys(expectedObjects());
    const rows = await exported.list(deployment.keys);
    expect(rows.map(({ key }) => key).sort()).toEqual([...wanted].sort());
    expect(rows.filter(({ dagId }) => dagId === null)).toEqual([]);
    const [first] = rows;
    const ofOne = await exported.list(deployment.keys, '--dag', first!.dagId!);
    expect(ofOne.map(({ key }) => key)).toEqual(rows.filter(row => row.dagId === first!.dagId).map(({ key }) => key));
    for (const key of wanted) {
      const file = path.join(SAMPLE_LOGS, key.slice('logs/'.length));
      expect(await exported.read(deployment.keys, key, '--raw'), key).toBe(readFileSync(file, 'utf8'));
    }
  });

  it('of 20 MB is streamed with its length and its checksum ahead: no 411', async () => {
    const { folder, key, size } = exported.bigLog();
    expect(await exported.upload(deployment.keys, folder)).toMatchObject({ code: 0, uploaded: 1, failed: 0 });
    const { Contents } = await world.s3().send(new ListObjectsV2Command({ Bucket: exported.bucket }));
    expect(Contents).toMatchObject([{ Key: key, Size: size }]);
    const tail = await exported.read(deployment.keys, key, '--raw', '--tail', '2');
    expect(tail.trimEnd().split('\n')).toHaveLength(2);
  });

  it('that another client wrote are listed and read too', async () => {
    const key = 'logs/dag_id=größe/run_id=manual__2026-11-22T00:00:00+00:00/task_id=a b/attempt=1.log';
    await world.put(exported.bucket, key, 'hello\n');
    expect(await exported.list(deployment.keys)).toMatchObject([{ key, dagId: 'größe' }]);
    expect(await exported.read(deployment.keys, key, '--raw')).toBe('hello\n');
  });

  it('without s3:PutObject none arrives, and each failure is told', async () => {
    await world.putRolePolicy(role, exported.policyWithout('s3:PutObject'));
    const report = await exported.upload(deployment.keys, SAMPLE_LOGS);
    expect(report).toMatchObject({ code: 1, uploaded: 0 });
    expect(report.failed).toBeGreaterThan(0);
    expect(await objectsLeft()).toEqual([]);
  });
});
