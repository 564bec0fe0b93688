import { PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Principal, World } from '../conformance/world';
import { ProductExport, statuses } from '../product/export';
import { expectedObjects, foundObjects, SAMPLE_LOGS } from '../product/sample-logs';
import { startGatewayBackend } from './gateway';

/** All checks of an export that works. There is no STS here, so who asks stays open. */
const WORKS = {
  settings: 'pass',
  deployment: 'skip',
  'bucket-settings': 'skip',
  credentials: 'pass',
  identity: 'warn',
  'assume-role': 'skip',
  'bucket-region': 'pass',
  head: 'pass',
  put: 'pass',
  get: 'pass',
  append: 'pass',
  list: 'pass',
  delete: 'pass',
};

let world: World;
let close: () => Promise<void>;
let exported: ProductExport;
let worker: Principal;

beforeAll(async () => {
  const started = await startGatewayBackend();
  world = new World(started.backend);
  close = started.close;
});
afterAll(async () => {
  world.close();
  await close();
});

beforeEach(async () => {
  const bucket = await world.bucket();
  exported = await ProductExport.scaffold(world.backend.endpoint, bucket, ['--mode', 'workload-identity']);
  worker = await world.backend.createPrincipal!(world.name('worker'), exported.policy);
});
afterEach(() => exported.remove());

async function setPolicy(PolicyDocument: string): Promise<void> {
  const UserName = worker.arn.split('/').at(-1)!;
  await world.iam().send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
}

describe("scaffold's policy, of a user of versitygw", () => {
  it('verify passes, and leaves nothing behind', async () => {
    const report = await exported.verify(worker.keys);
    expect(statuses(report)).toEqual(WORKS);
    expect(report).toMatchObject({ code: 0, ok: true, proven: false });
    expect(await foundObjects(world.s3(), exported.bucket)).toEqual({});
  });

  it.each([
    // A missing key reads 404 here whether or not listing is allowed, so HEAD can't tell.
    ['s3:ListBucket', { list: 'fail missing-list-bucket' }],
    [
      's3:GetObject',
      { head: 'fail missing-get-object', get: 'fail missing-get-object', append: 'fail missing-get-object' },
    ],
    ['s3:PutObject', { put: 'fail missing-put-object', append: 'skip', delete: 'skip' }],
    ['s3:DeleteObject', { delete: 'fail missing-delete-object' }],
  ])('without %s verify names it', async (right, found) => {
    await setPolicy(exported.policyWithout(right));
    const report = await exported.verify(worker.keys);
    expect(statuses(report)).toEqual({ ...WORKS, ...found });
    expect(report).toMatchObject({ code: 1, ok: false, proven: false });
  });

  it('real logs are uploaded byte for byte, once, and listed', async () => {
    const wanted = expectedObjects();
    const count = Object.keys(wanted).length;
    expect(await exported.upload(worker.keys, SAMPLE_LOGS)).toMatchObject({ code: 0, uploaded: count, failed: 0 });
    expect(await foundObjects(world.s3(), exported.bucket)).toEqual(wanted);
    expect(await exported.upload(worker.keys, SAMPLE_LOGS)).toMatchObject({ code: 0, uploaded: 0, skipped: count });
    const rows = await exported.list(worker.keys);
    expect(rows.map(({ key }) => key).sort()).toEqual(Object.keys(wanted).sort());
  });

  it('a log of 20 MB is streamed, and listed with its size', async () => {
    const { folder, key, size } = exported.bigLog();
    expect(await exported.upload(worker.keys, folder)).toMatchObject({ code: 0, uploaded: 1, failed: 0 });
    expect(await exported.list(worker.keys)).toMatchObject([{ key, size }]);
  });
});
