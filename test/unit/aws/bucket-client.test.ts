import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/aws/open-session';
import type { AwsFailure, AwsSession, SessionOptions } from '../../../src/aws/session';
import { type ExportError, isExportError } from '../../../src/core/export-error';
import type { ExportTarget } from '../../../src/core/export-settings';
import { BUCKET, startS3 } from './s3-server';

let server: Awaited<ReturnType<typeof startS3>>;
const sessions: AwsSession[] = [];

beforeAll(async () => {
  server = await startS3();
});
afterEach(() => {
  server.faults.clear();
  server.state.expiration = undefined;
  server.state.policy = { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } };
  for (const session of sessions.splice(0)) session.close();
});
afterAll(() => server.close());

async function open(target: Partial<ExportTarget> = {}, options: Partial<SessionOptions> = {}): Promise<AwsSession> {
  const session = await openSession({
    target: { bucket: BUCKET, prefix: 'logs/', accessMode: 'workload-identity', region: 'us-east-1', ...target },
    endpoint: server.endpoint,
    credentials: server.keys,
    env: { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    ...options,
  });
  sessions.push(session);
  return session;
}

async function errorOf(promise: Promise<unknown>): Promise<ExportError & { cause: AwsFailure }> {
  const error = await promise.then(
    () => expect.unreachable('should have failed'),
    reason => reason as unknown,
  );
  if (!isExportError(error)) throw error;
  return error as ExportError & { cause: AwsFailure };
}

async function keysUnder(session: AwsSession, prefix: string, pageSize?: number): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of session.bucket.list({ prefix, pageSize })) keys.push(...page.objects.map(({ key }) => key));
  return keys;
}

describe('BucketClient', () => {
  it('brings any key and any body there and back', async () => {
    const { bucket } = await open();
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(key, fc.uint8Array({ maxLength: 2_000 }), async (name, bytes) => {
        const whole = `logs/any/${name}`;
        const body = Buffer.from(bytes);
        const md5 = createHash('md5').update(body).digest('hex');
        expect(await bucket.put(whole, body)).toEqual({ etag: md5 });
        const got = await bucket.get(whole);
        expect(got.body.equals(body)).toBe(true);
        expect(await bucket.head(whole)).toMatchObject({ size: body.length, etag: md5 });
        await bucket.delete(whole);
        expect(await bucket.head(whole)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it.each(['a//b', '../up', './here', 'run=2024-07-30T03:20:00+00:00', 'größe_日本', '%2F', 'a b', "!'()*;@&=$,?#[]"])(
    'lists the key %s as it is',
    async key => {
      const session = await open();
      await session.bucket.put(`logs/k/${key}`, Buffer.from('x'));
      expect(await keysUnder(session, 'logs/k/')).toEqual([`logs/k/${key}`]);
      await session.bucket.delete(`logs/k/${key}`);
    },
  );

  it('reads ranges, suffixes, and nothing where a range lies outside', async () => {
    const { bucket } = await open();
    await bucket.put('logs/r', Buffer.from('0123456789'));
    await bucket.put('logs/empty', Buffer.alloc(0));
    const text = async (key: string, options: Parameters<typeof bucket.get>[1]) => {
      const { body, totalSize } = await bucket.get(key, options);
      return [body.toString(), totalSize];
    };
    expect(await text('logs/r', { range: { start: 2, end: 4 } })).toEqual(['234', 10]);
    expect(await text('logs/r', { suffix: 3 })).toEqual(['789', 10]);
    expect(await text('logs/r', { suffix: 99 })).toEqual(['0123456789', 10]);
    expect(await text('logs/r', { range: { start: 10, end: 20 } })).toEqual(['', 10]);
    expect(await text('logs/empty', { suffix: 3 })).toEqual(['', 0]);
  });

  it('lists page by page, grouped, and from a key on', async () => {
    const session = await open();
    const names = Array.from({ length: 23 }, (_, i) => `logs/p/d${i % 3}/${String(i).padStart(3, '0')}`);
    await Promise.all(names.map(name => session.bucket.put(name, Buffer.from(name))));
    expect(await keysUnder(session, 'logs/p/', 5)).toEqual([...names].sort());
    const after = names.sort()[10] as string;
    for await (const page of session.bucket.list({ prefix: 'logs/p/', startAfter: after, pageSize: 1000 })) {
      expect(page.objects.map(({ key }) => key)).toEqual(names.slice(11));
    }
    const groups: string[] = [];
    for await (const page of session.bucket.list({ prefix: 'logs/p/', delimiter: '/', pageSize: 2 })) {
      groups.push(...page.commonPrefixes);
    }
    expect(groups).toEqual(['logs/p/d0/', 'logs/p/d1/', 'logs/p/d2/']);
  });

  it('writes only where nothing is, or only over what is known', async () => {
    const { bucket } = await open();
    const { etag } = await bucket.put('logs/c', Buffer.from('1'), { ifNoneMatch: '*' });
    expect((await errorOf(bucket.put('logs/c', Buffer.from('2'), { ifNoneMatch: '*' }))).cause.status).toBe(412);
    await bucket.put('logs/c', Buffer.from('12'), { ifMatch: etag });
    expect((await errorOf(bucket.put('logs/c', Buffer.from('3'), { ifMatch: etag }))).cause.status).toBe(412);
    expect((await bucket.get('logs/c')).body.toString()).toBe('12');
  });

  it('streams a body, and leaves nothing behind of one that changes on the way', async () => {
    const { bucket } = await open();
    const chunks = Array.from({ length: 20 }, () => randomBytes(70_000));
    const whole = Buffer.concat(chunks);
    await bucket.put('logs/s', {
      size: whole.length,
      open: async function* () {
        yield* chunks;
      },
    });
    expect((await bucket.get('logs/s')).body.equals(whole)).toBe(true);

    let opened = 0;
    const changing = {
      size: 4,
      open: async function* () {
        yield Buffer.from(opened++ === 0 ? 'good' : 'evil');
      },
    };
    await errorOf(bucket.put('logs/changed', changing));
    const shrinking = {
      size: 9,
      open: async function* () {
        yield Buffer.from('short');
      },
    };
    expect((await errorOf(bucket.put('logs/changed', shrinking))).code).toBe('unreadable');
    expect(await bucket.head('logs/changed')).toBeUndefined();
  });

  it('says that an object is not there', async () => {
    const { bucket } = await open();
    expect((await errorOf(bucket.get('logs/none'))).code).toBe('not-found');
    expect(await bucket.head('logs/none')).toBeUndefined();
    expect(await bucket.delete('logs/none')).toEqual({ deleteMarker: false });
  });

  it('knows the sandbox by its answers', async () => {
    const session = await open();
    expect(session.isSandbox).toBe(false);
    await session.bucket.head('logs/none');
    expect(session.isSandbox).toBe(true);
  });
});

describe('faults', () => {
  it.each([
    ['a reset', { kind: 'reset' }],
    ['SlowDown', { kind: 'error', code: 'SlowDown', status: 503 }],
    ['an internal error', { kind: 'error', code: 'InternalError', status: 500 }],
    ['an answer that breaks off', { kind: 'truncate', bytes: 3 }],
  ] as const)('tries again after %s', async (_, effect) => {
    const { bucket } = await open();
    await bucket.put('logs/f', Buffer.from('whole body'));
    server.faults.add({ effect, times: 2 });
    expect((await bucket.get('logs/f')).body.toString()).toBe('whole body');
  });

  it('takes a conditional write for done whose answer was lost', async () => {
    const { bucket } = await open();
    server.faults.add({ effect: { kind: 'truncate', bytes: 0 }, times: 1, matches: ({ method }) => method === 'PUT' });
    await bucket.put('logs/lost', Buffer.from('once'), { ifNoneMatch: '*' });
    expect((await bucket.get('logs/lost')).body.toString()).toBe('once');
    await bucket.delete('logs/lost');
  });

  it('gives up on an endpoint that keeps throttling, and does not repeat a refusal', async () => {
    const { bucket } = await open();
    const remove = server.faults.add({ effect: { kind: 'error', code: 'SlowDown', status: 503 } });
    expect((await errorOf(bucket.head('logs/f'))).code).toBe('throttled');
    remove();
    let asked = 0;
    server.faults.add({ effect: { kind: 'latency', milliseconds: 0 }, matches: () => ++asked > 0 });
    server.state.policy = { Statement: [] };
    expect((await errorOf(bucket.put('logs/f', Buffer.from('x')))).code).toBe('missing-put-object');
    expect(asked).toBe(1);
  });

  it('stops at once when it is told to', async () => {
    const { bucket } = await open();
    server.faults.add({ effect: { kind: 'latency', milliseconds: 60_000 } });
    const controller = new AbortController();
    const running = errorOf(bucket.get('logs/f', { signal: controller.signal }));
    setImmediate(() => controller.abort());
    expect((await running).code).toBe('cancelled');
  });

  it('names an endpoint that is down', async () => {
    const { bucket } = await open({}, { endpoint: 'http://127.0.0.1:9' });
    const error = await errorOf(bucket.head('logs/x'));
    expect([error.code, error.cause.awsCode]).toEqual(['endpoint-unreachable', 'ECONNREFUSED']);
    expect(error.nextStep).toContain('http://127.0.0.1:9');
  });

  it('does not take the answer of something else for a listing', async () => {
    const other = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const session = await open({}, { endpoint: `http://127.0.0.1:${(other.address() as AddressInfo).port}` });
    expect((await errorOf(keysUnder(session, ''))).message).toContain('not a listing');
    other.closeAllConnections();
    other.close();
  });
});

describe('region', () => {
  it('fails with the right region where the settings name a wrong one', async () => {
    const session = await open({ region: 'eu-west-1' });
    for (const attempt of [
      session.bucket.put('logs/x', Buffer.from('x')),
      session.bucket.head('logs/x'),
      keysUnder(session, ''),
    ]) {
      const error = await errorOf(attempt);
      expect([error.code, error.cause.region]).toEqual(['wrong-region', 'us-east-1']);
    }
    expect(await session.bucket.bucketRegion()).toBe('us-east-1');
  });

  it("finds the bucket's own where the settings name none", async () => {
    for (const env of [{}, { AWS_REGION: 'ap-south-1' }]) {
      const session = await open({ region: undefined }, { env: { AWS_CONFIG_FILE: '/dev/null', ...env } });
      // Side by side: each of them finds out, and none takes another's finding for its own failure.
      await Promise.all(['x', 'y', 'z'].map(name => session.bucket.put(`logs/${name}`, Buffer.from('x'))));
      expect(await session.bucket.bucketRegion()).toBe('us-east-1');
      expect(session.ambientRegion).toBe(env.AWS_REGION);
    }
  });

  it('is the one signed for at a store that names none and denies to tell, as Ceph does', async () => {
    const session = await open({ region: 'eu-west-1' });
    server.faults.add({ effect: { kind: 'error', code: 'AccessDenied', status: 403 } });
    expect(await session.bucket.bucketRegion()).toBe('eu-west-1');
    server.faults.clear();
    server.faults.add({ effect: { kind: 'error', code: 'InvalidAccessKeyId', status: 403 } });
    expect((await errorOf(session.bucket.bucketRegion())).code).toBe('unknown-access-key');
  });

  it('says so where there is no such bucket', async () => {
    const session = await open({ bucket: 'no-such-bucket-here' });
    expect((await errorOf(session.bucket.bucketRegion())).code).toBe('no-such-bucket');
    expect((await errorOf(session.bucket.put('logs/x', Buffer.from('x')))).code).toBe('no-such-bucket');
  });
});

describe('credentials', () => {
  const secrets = ['canary-secret', 'canary-token', 'wrong-canary'];

  it.each<[string, Partial<SessionOptions['credentials'] & object>, string]>([
    ['unknown key', { accessKeyId: 'AKIAOTHER' }, 'unknown-access-key'],
    ['wrong secret', { secretAccessKey: 'wrong-canary' }, 'bad-signature'],
    ['forged token', { sessionToken: 'wrong-canary' }, 'unknown-access-key'],
  ])('%s, without giving a secret away', async (_, change, code) => {
    const { bucket } = await open({}, { credentials: { ...server.keys, ...change } });
    const error = await errorOf(bucket.put('logs/x', Buffer.from('x')));
    expect(error.code).toBe(code);
    const shown = `${error.message} ${error.nextStep} ${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.cause)}`;
    for (const secret of [...secrets, 'AWS4-HMAC']) expect(shown).not.toContain(secret);
  });

  it('says that keys have expired', async () => {
    server.state.expiration = new Date(Date.now() - 1_000);
    const { bucket } = await open();
    expect((await errorOf(bucket.put('logs/x', Buffer.from('x')))).code).toBe('expired-credentials');
  });

  it('reads keys from the variables it is given', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = server.keys;
    const env = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    const session = await open({}, { credentials: undefined, env: { ...env, AWS_CONFIG_FILE: '/dev/null' } });
    expect(await session.bucket.head('logs/none')).toBeUndefined();
  });

  it('reads keys from a profile, and again once when they have expired', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'profile-'));
    const file = path.join(dir, 'credentials');
    const { accessKeyId, secretAccessKey, sessionToken } = server.keys;
    const profile = (id: string) =>
      writeFileSync(
        file,
        `[logs]\naws_access_key_id=${id}\naws_secret_access_key=${secretAccessKey}\naws_session_token=${sessionToken}\n`,
      );
    profile(accessKeyId);
    const env = {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_ACCESS_KEY_ID: 'AKIAOTHER',
      AWS_SECRET_ACCESS_KEY: 'beaten by the profile that was asked for',
    };
    const session = await open({}, { credentials: undefined, profile: 'logs', env });
    expect(await session.bucket.head('logs/none')).toBeUndefined();
    server.faults.add({ effect: { kind: 'error', code: 'ExpiredToken', status: 400 }, times: 1 });
    await session.bucket.put('logs/x', Buffer.from('x'));
    profile('AKIAOTHER');
    server.faults.add({ effect: { kind: 'error', code: 'ExpiredToken', status: 400 }, times: 1 });
    expect((await errorOf(session.bucket.put('logs/x', Buffer.from('x')))).code).toBe('unknown-access-key');
    rmSync(dir, { recursive: true });
  });

  it.each([
    ['no profile', {}, undefined],
    ['a profile that is not there', {}, 'nobody'],
  ])('says that there are none: %s', async (_, more, profile) => {
    const env = {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const session = await open({}, { credentials: undefined, profile, env: { ...env, ...more } });
    const error = await errorOf(session.checkCredentials());
    expect(error.code).toBe('no-credentials');
    if (profile) expect(error.message).toContain(profile);
  });
});
