import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Actor, BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

let sandbox: TestSandbox;
let ada: Actor;

beforeAll(async () => {
  sandbox = await TestSandbox.start();
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  ada = sandbox.user('ada', [EVERYTHING]);
});
afterAll(() => sandbox.stop());

const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD');
const piece = fc.constantFrom(
  ...['a', '%', '%2', '%00', '%ff', '%C3%A9', '..', '/', '//', '+', '=', '~', ';', ',', BUCKET],
);
const path = fc.array(piece, { maxLength: 6 }).map(parts => `/${parts.join('')}`);
const parameter = fc.constantFrom(
  ...[
    'policy',
    'delete',
    'uploads',
    'uploadId=x',
    'partNumber=0',
    'partNumber=1',
    'versionId=',
    'list-type=2',
    'tagging',
  ],
  ...[
    'max-keys=9e9',
    'continuation-token=%25',
    'key-marker=a',
    'version-id-marker=b',
    'X-Amz-Signature=1',
    'lifecycle',
  ],
  ...[
    'encryption',
    'object-lock',
    'retention',
    'attributes',
    'Action=GetCallerIdentity',
    'prefix=%',
    'versioning',
    '=',
    'a=b=c',
  ],
);
const query = fc.array(parameter, { maxLength: 3 }).map(all => (all.length === 0 ? '' : `?${all.join('&')}`));
const header = fc.constantFrom<Record<string, string>>(
  { range: 'bytes=-' },
  { 'x-amz-copy-source': '%' },
  { 'x-amz-copy-source': `${BUCKET}/` },
  { 'content-md5': '' },
  { 'x-amz-tagging': '&&==' },
  { 'x-amz-object-attributes': ',' },
  { 'x-amz-trailer': 'x-amz-checksum-crc32' },
  { 'x-amz-decoded-content-length': '-1', 'content-encoding': 'aws-chunked' },
  { 'if-modified-since': 'never' },
  { 'x-amz-object-lock-mode': 'x' },
  { 'x-amz-checksum-algorithm': 'constructor' },
  { 'x-amz-date': '99999999T999999Z' },
  { authorization: 'AWS4-HMAC-SHA256 Credential=////, SignedHeaders=, Signature=' },
  { 'content-type': 'application/x-www-form-urlencoded' },
);
const body = fc.constantFrom(
  ...[
    '',
    'x',
    '<',
    '<a/>',
    '<Delete><Object><Key>&#x0;</Key></Object></Delete>',
    '<Tagging><TagSet/></Tagging>',
    '{"Statement":[]}',
  ],
  ...[
    '<a>'.repeat(5000),
    '&lol;',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '5\r\nhello',
    '{"Statement":{"Effect":"Allow"}}',
  ],
);

it('is always answered, and never by an internal error', async () => {
  await fc.assert(
    fc.asyncProperty(
      method,
      path,
      query,
      fc.array(header, { maxLength: 2 }),
      body,
      fc.boolean(),
      async (...request) => {
        const [verb, where, what, headers, content, isSigned] = request;
        const all = Object.assign({ 'content-length': String(Buffer.byteLength(content)) }, ...headers);
        const answer = isSigned
          ? await sandbox.signed(ada, verb, where + what, { headers: all, body: content })
          : await sandbox.raw(verb, where + what, all, content);
        expect(answer.status === 501 || answer.status < 500, `${answer.status} ${answer.text}`).toBe(true);
        expect(answer.headers.server).toBe('AstroLogExportSandbox');
        if (verb === 'HEAD') expect(answer.text).toBe('');
      },
    ),
    { numRuns: 600 },
  );
});
