import { createHash, createHmac } from 'node:crypto';
import { GetObjectCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, allow, BUCKET, EVERYTHING, OWNER, REGION, rawRequest, TestSandbox } from './harness';

const NOW = new Date('2026-11-20T12:00:00Z');
const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000);

let sandbox: TestSandbox;
let ada: Actor;

beforeAll(async () => {
  sandbox = await TestSandbox.start({ clock: () => NOW });
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  await sandbox.s3.putObject(BUCKET, 'a.log', 'hello');
  ada = sandbox.user('ada', [EVERYTHING]);
});
afterAll(() => sandbox.stop());

const codeOf = (text: string) => text.match(/<Code>(.*?)<\/Code>/)?.[1];
const get = (actor: Actor, options = {}) => sandbox.signed(actor, 'GET', `/${BUCKET}/a.log`, { date: NOW, ...options });

describe('a signature in the header', () => {
  it('of the right key is accepted', async () => {
    expect(await get(ada)).toMatchObject({ status: 200, text: 'hello' });
  });

  it.each([
    ['an unknown key', () => get({ ...ada, accessKeyId: 'AKIANOBODY' }), 403, 'InvalidAccessKeyId'],
    ['a wrong secret', () => get({ ...ada, secretAccessKey: 'x' }), 403, 'SignatureDoesNotMatch'],
    ['a clock 16 minutes behind', () => get(ada, { date: minutes(-16) }), 403, 'RequestTimeTooSkewed'],
    ['a clock 16 minutes ahead', () => get(ada, { date: minutes(16) }), 403, 'RequestTimeTooSkewed'],
    ['a token on a long-term key', () => get({ ...ada, sessionToken: 'forged' }), 400, 'InvalidToken'],
    ['another service', () => get(ada, { service: 'ec2' }), 400, 'AuthorizationHeaderMalformed'],
    ['a hash that is none', () => get(ada, { hash: 'abc' }), 400, 'InvalidArgument'],
  ])('with %s is refused', async (_what, send, status, code) => {
    const answer = await send();
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  it.each([-14, 14])('is accepted %d minutes off', async offset => {
    expect(await get(ada, { date: minutes(offset) })).toMatchObject({ status: 200 });
  });

  it('that does not match is answered with what was calculated, and with no secret', async () => {
    const { text } = await get({ ...ada, secretAccessKey: 'x' });
    expect(text).toContain('<StringToSign>AWS4-HMAC-SHA256\n20261120T120000Z\n20261120/eu-central-1/s3/aws4_request');
    expect(text).toContain(`<CanonicalRequest>GET\n/${BUCKET}/a.log\n\n`);
    expect(text).not.toContain('secret-of');
  });

  it.each([
    ['Basic abc', 400, 'InvalidArgument'],
    ['AWS AKIA:sig', 400, 'InvalidRequest'],
    ['AWS4-HMAC-SHA256 Credential=A/20261120/eu-central-1/s3/aws4_request', 400, 'AuthorizationHeaderMalformed'],
    [
      'AWS4-HMAC-SHA256 Credential=A/s3/aws4_request, SignedHeaders=host, Signature=0',
      400,
      'AuthorizationHeaderMalformed',
    ],
  ])('%j is no signature', async (authorization, status, code) => {
    const answer = await sandbox.raw('GET', `/${BUCKET}/a.log`, {
      authorization,
      'x-amz-date': '20261120T120000Z',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    });
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  it('has to cover every x-amz- header', async () => {
    const answer = await sandbox.signed(ada, 'GET', `/${BUCKET}/a.log`, { date: NOW });
    expect(answer.status).toBe(200);
    const url = new URL(`${sandbox.endpoint}/${BUCKET}/a.log`);
    const smuggled = await sandbox.smuggle(ada, url.pathname, { 'x-amz-meta-extra': '1' }, NOW);
    expect([smuggled.status, codeOf(smuggled.text)]).toEqual([403, 'AccessDenied']);
    expect(smuggled.text).toContain('<HeadersNotSigned>x-amz-meta-extra</HeadersNotSigned>');
  });

  it('covers the path as S3 reads it: decoded once, encoded once, nothing tidied up', async () => {
    const key = 'a//b/../c d+e=f~g:h(1)é';
    await sandbox.s3.putObject(BUCKET, key, 'odd');
    const encoded = encodeURIComponent(key)
      .replaceAll('%2F', '/')
      .replace(/[()]/g, c => `%${c.charCodeAt(0).toString(16)}`);
    const answer = await sandbox.signed(ada, 'GET', `/${BUCKET}/${encoded}`, { date: NOW });
    expect(answer).toMatchObject({ status: 200, text: 'odd' });
  });
});

describe('temporary credentials', () => {
  const kind = { kind: 'role-session' as const, sessionToken: 'token-1' };

  it.each([
    ['with their token', (a: Actor) => a, 200, undefined],
    ['without it', ({ sessionToken: _, ...a }: Actor) => a, 403, 'InvalidAccessKeyId'],
    ['with a forged one', (a: Actor) => ({ ...a, sessionToken: 'token-2' }), 400, 'InvalidToken'],
  ])('%s', async (_what, change, status, code) => {
    const actor = sandbox.user('session', [EVERYTHING], { ...kind, expiration: minutes(1) });
    const answer = await get(change(actor));
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  it('are refused once they have expired', async () => {
    const actor = sandbox.user('session', [EVERYTHING], { ...kind, expiration: NOW });
    const answer = await get(actor);
    expect([answer.status, codeOf(answer.text)]).toEqual([400, 'ExpiredToken']);
  });
});

describe('a body', () => {
  const put = (options: object, body = 'hello') =>
    sandbox.signed(ada, 'PUT', `/${BUCKET}/b.log`, {
      date: NOW,
      body,
      ...options,
      headers: { 'content-length': String(body.length), ...(options as { headers?: object }).headers },
    });

  it('has to be the one whose hash was signed', async () => {
    const answer = await put({ hash: createHash('sha256').update('other').digest('hex') });
    expect([answer.status, codeOf(answer.text)]).toEqual([400, 'XAmzContentSHA256Mismatch']);
    expect(await sandbox.s3.readObject(BUCKET, 'b.log')).toBeUndefined();
  });

  it('may stay unsigned', async () => {
    expect(await put({ hash: 'UNSIGNED-PAYLOAD' })).toMatchObject({ status: 200 });
  });

  const framed = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';
  const framing = {
    'x-amz-decoded-content-length': '5',
    'content-encoding': 'aws-chunked',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };

  it.each([
    ['a right checksum', framed, 200, undefined],
    ['a wrong checksum', framed.replace('NhCmhg==', 'AAAAAA=='), 400, 'BadDigest'],
    ['no checksum', '5\r\nhello\r\n0\r\n\r\n', 400, 'MalformedTrailerError'],
    ['another trailer', framed.replace('crc32:', 'sha1:'), 400, 'MalformedTrailerError'],
    ['too few bytes', '4\r\nhell\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 400, 'IncompleteBody'],
    ['a torn chunk', '5\r\nhel', 400, 'IncompleteBody'],
    ['no chunks', 'hello', 400, 'IncompleteBody'],
  ])('in unsigned chunks with %s', async (_what, body, status, code) => {
    const answer = await put({ hash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', headers: framing }, body);
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
    if (status !== 200) return;
    expect((await sandbox.s3.readObject(BUCKET, 'b.log'))!.toString()).toBe('hello');
    const head = await sandbox.signed(ada, 'HEAD', `/${BUCKET}/b.log`, { date: NOW });
    expect(head.headers['content-encoding']).toBeUndefined();
  });

  it.each([
    ['right', (text: string) => text, 200, undefined],
    ['of another chunk', (text: string) => text.replace('world', 'WORLD'), 403, 'SignatureDoesNotMatch'],
    [
      'of another trailer',
      (text: string) => text.replace('trailer-signature:', 'trailer-signature:0'),
      403,
      'SignatureDoesNotMatch',
    ],
  ])('in signed chunks whose signatures are %s', async (_what, tamper, status, code) => {
    const pieces = ['hello ', 'world'];
    const answer = await sendSignedChunks(pieces, tamper);
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
  async function sendSignedChunks(pieces: string[], tamper: (text: string) => string) {
    const time = '20261120T120000Z';
    const scope = `20261120/${REGION}/s3/aws4_request`;
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const key = ['20261120', REGION, 's3', 'aws4_request'].reduce<Buffer>(
      (k, part) => hmac(k, part),
      Buffer.from(`AWS4${ada.secretAccessKey}`),
    );
    const path = `/${BUCKET}/chunked.log`;
    const headers: Record<string, string> = {
      host: `127.0.0.1:${sandbox.port}`,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-date': time,
      'x-amz-decoded-content-length': String(pieces.join('').length),
      'x-amz-trailer': 'x-amz-checksum-sha256',
    };
    const names = Object.keys(headers).sort();
    const canonical = [
      'PUT',
      path,
      '',
      ...names.map(name => `${name}:${headers[name]}`),
      '',
      names.join(';'),
      headers['x-amz-content-sha256'],
    ].join('\n');
    let previous = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha(canonical)].join('\n')).toString('hex');
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${ada.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${previous}`;
    let body = '';
    for (const piece of [...pieces, '']) {
      previous = hmac(
        key,
        ['AWS4-HMAC-SHA256-PAYLOAD', time, scope, previous, sha(''), sha(piece)].join('\n'),
      ).toString('hex');
      body += `${piece.length.toString(16)};chunk-signature=${previous}\r\n${piece}${piece === '' ? '' : '\r\n'}`;
    }
    const trailer = `x-amz-checksum-sha256:${createHash('sha256').update(pieces.join('')).digest('base64')}\n`;
    const signature = hmac(key, ['AWS4-HMAC-SHA256-TRAILER', time, scope, previous, sha(trailer)].join('\n')).toString(
      'hex',
    );
    body += `${trailer.trim()}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;
    return rawRequest(sandbox.port, 'PUT', path, headers, tamper(body));
  }
});

describe('a presigned address', () => {
  it('is good for its time, without further headers', async () => {
    const path = await sandbox.presign(ada, 'GET', `/${BUCKET}/a.log`, { date: NOW, expiresIn: 60 });
    expect(await sandbox.raw('GET', path)).toMatchObject({ status: 200, text: 'hello' });
  });

  it.each([
    ['has expired', -61, 'AccessDenied', 'Request has expired'],
    ['lies ahead', 20, 'AccessDenied', 'Request is not yet valid'],
  ])('that %s is refused', async (_what, offset, code, message) => {
    const path = await sandbox.presign(ada, 'GET', `/${BUCKET}/a.log`, { date: minutes(offset), expiresIn: 3600 });
    const answer = await sandbox.raw('GET', path);
    expect([answer.status, codeOf(answer.text)]).toEqual([403, code]);
    expect(answer.text).toContain(`<Message>${message}</Message>`);
  });

  it.each([
    [/X-Amz-Expires=60/, 'X-Amz-Expires=604801', 400, 'AuthorizationQueryParametersError'],
    [/X-Amz-Expires=60/, 'X-Amz-Expires=-1', 400, 'AuthorizationQueryParametersError'],
    [/&?X-Amz-Date=[^&]*/, '', 400, 'AuthorizationQueryParametersError'],
    [/a\.log/, 'b.log', 403, 'SignatureDoesNotMatch'],
    [/$/, '&response-content-type=text%2Fhtml', 403, 'SignatureDoesNotMatch'],
  ])('changed by %s to %j is refused', async (pattern, replacement, status, code) => {
    const path = await sandbox.presign(ada, 'GET', `/${BUCKET}/a.log`, { date: NOW, expiresIn: 60 });
    const answer = await sandbox.raw('GET', path.replace(pattern, replacement));
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });
});

describe('STS and IAM at the same endpoint', () => {
  const call = (actor: Actor, options = {}) =>
    sandbox.signed(actor, 'POST', '/', {
      service: 'sts',
      region: 'us-east-1',
      date: NOW,
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...options,
    });

  it.each([
    ['a right signature', () => call(ada), 200, undefined],
    ['an unknown key', () => call({ ...ada, accessKeyId: 'AKIANOBODY' }), 403, 'InvalidClientTokenId'],
    ['a wrong secret', () => call({ ...ada, secretAccessKey: 'x' }), 403, 'SignatureDoesNotMatch'],
    ['a clock far behind', () => call(ada, { date: minutes(-20) }), 403, 'SignatureDoesNotMatch'],
    [
      'no signature',
      () =>
        sandbox.raw(
          'POST',
          '/',
          { 'content-type': 'application/x-www-form-urlencoded' },
          'Action=GetCallerIdentity&Version=2011-06-15',
        ),
      403,
      'MissingAuthenticationToken',
    ],
  ])('answer %s in the words of their protocol', async (_what, send, status, code) => {
    const answer = await send();
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
    if (status !== 200)
      expect(answer.text).toMatch(/<ErrorResponse xmlns="https:\/\/sts[^>]*><Error><Type>Sender<\/Type><Code>/);
  });

  it('sign their bodies', async () => {
    const signed = await sandbox.signed(ada, 'POST', '/', {
      service: 'iam',
      date: NOW,
      body: 'Action=ListUsers',
      hash: 'ignored',
    });
    expect(signed.status).toBe(403);
  });
});

it('says in every answer that it is the sandbox', async () => {
  for (const answer of [await get(ada), await sandbox.raw('GET', '/nowhere/x'), await sandbox.raw('PATCH', '/')]) {
    expect(answer.headers.server).toBe('AstroLogExportSandbox');
    expect(answer.headers.date).toBeDefined();
    expect(answer.headers['x-amz-request-id']).toMatch(/^[0-9A-F]{16}$/);
  }
});

it('is spoken to by the SDK in either style of address', async () => {
  const later = await TestSandbox.start();
  await later.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  const client = later.client(later.user('ada', [allow(['s3:PutObject', 's3:GetObject', 's3:ListBucket'], '*')]));
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'x', Body: 'y' }));
  await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
  const hosted = await later.signed(later.user('bob', [EVERYTHING]), 'GET', '/x', {
    headers: { host: `${BUCKET}.localhost:${later.port}` },
  });
  expect(hosted).toMatchObject({ status: 200, text: 'y' });
  expect((await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'x' }))).ContentLength).toBe(1);
  await later.stop();
});
