import { describe, expect, it } from 'vitest';
import { fixAll } from '../../../src/core/fix-all';
import { buildPermissionPolicy, formatPolicy } from '../../../src/core/iam/build';
import { findUnknownAction } from '../../../src/core/iam/lint/action-names';
import { applyEdits } from '../../../src/core/text/text-range';
import { lintOne } from './lint-one';

const GOOD = formatPolicy(buildPermissionPolicy({ bucket: 'acme-logs', prefix: 'prod' }));
const TEN_MEGABYTES = 10_000_000;

/** A policy's text filled up with one piece, repeated. */
function filled(head: string, piece: string, tail: string): string {
  return head + piece.repeat(Math.ceil(TEN_MEGABYTES / piece.length)) + tail;
}

const HEAD = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": ["s3:PutObject"';

describe('ten megabytes', () => {
  it.each([
    ['of actions', filled(HEAD, ', "s3:GetObject"', ']}]}')],
    ['of trailing commas', filled(HEAD, ',', ']}]}')],
    ['of brackets', filled(HEAD, '[', ']}]}')],
    ['of copied line numbers', filled(HEAD, '\n1 ', ']}]}')],
    ['of text without end', filled(HEAD, '"', '')],
    ['in one text', `${HEAD}, "${'x'.repeat(TEN_MEGABYTES)}"]}]}`],
    ['of statements, not JSON', filled('{"Statement": [', '{"Effect": "Allow" "Action": "s3:*"}', '')],
  ])('%s are only said to be too large', (_name, text) => {
    const findings = lintOne(text);
    expect(findings.map(({ code }) => code)).toEqual(['policy-too-large']);
    expect(findings[0]?.message).toMatch(/6,144.*10,240.*\d{1,3},\d{3},\d{3}/);
  });

  it('of blanks are not counted', () => {
    const text = GOOD.replaceAll('\n', `\n${' '.repeat(TEN_MEGABYTES / 20)}`);
    expect(lintOne(text)).toEqual([]);
  });

  it.each([
    ['of something else', filled('[', '{"id": 1, "name": "policy"},', '0]')],
    ['that are no JSON', filled('', 'Statement of policy. ', '')],
  ])('%s are left alone', (_name, text) => {
    expect(lintOne(text)).toEqual([]);
  });

  it('just below what is read are read before the test times out', () => {
    const actions = `${HEAD}${Array.from({ length: 3000 }, (_, i) => `, "s3:GetObjec${i}"`).join('')}]}]}`;
    expect(lintOne(actions).map(({ code }) => code)).toContain('policy-too-large');
    const commas = `${HEAD}${','.repeat(55_000)}]}]}`;
    expect(lintOne(commas).length).toBeGreaterThan(1);
    expect(lintOne(`${HEAD}${'['.repeat(55_000)}`).length).toBeGreaterThan(0);
  });
});

describe('sizes', () => {
  /** A right policy of just so many counted characters. */
  function ofSize(size: number, path: string): string {
    const permission = JSON.parse(GOOD).Statement[0];
    const Principal = { AWS: 'arn:aws:iam::111122223333:role/x' };
    const statement =
      {
        'trust.json': { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' },
        'bucket.json': { ...permission, Principal },
        'queue.json': { Effect: 'Allow', Principal, Action: 'sqs:*', Resource: 'arn:aws:sqs:us-east-1:123456789012:q' },
      }[path] ?? permission;
    const build = (sid: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Sid: sid }] });
    return build('x'.repeat(size - build('').length));
  }

  it.each([
    ['policy.json', 6144, 6145, 'warning', '6,145'],
    ['policy.json', 6144, 10_240, 'warning', '10,240'],
    ['policy.json', 6144, 10_241, 'error', '10,241'],
    ['trust.json', 2048, 2049, 'error', 'A trust policy has at most 2,048 characters, and this one has 2,049'],
    ['bucket.json', 20_480, 20_481, 'error', 'A bucket policy has at most 20,480 characters, and this one has 20,481.'],
    [
      'queue.json',
      32_768,
      32_769,
      'error',
      'A policy of a resource has at most 32,768 characters, and this one has 32,769.',
    ],
  ])('%s: %d characters are taken, %d are a finding', (path, taken, refused, severity, shown) => {
    expect(lintOne(ofSize(taken, path), undefined, path)).toEqual([]);
    const findings = lintOne(ofSize(refused, path), undefined, path);
    expect(findings).toEqual([expect.objectContaining({ code: 'policy-too-large', severity })]);
    expect(findings[0]?.message).toContain(shown);
  });
});

describe('a text that is too long to be read', () => {
  const long = (rest: string) => `  {"Statement": [{"Effect": "Allow", ${rest}, "Sid": "${'x'.repeat(60_000)}"}]`;

  it.each([
    ['a trust, by its name', 'trust.json', '"Action": "*"', 'A trust policy has'],
    [
      'a trust, by whom it lets in',
      'policy.json',
      '"Principal": "*", "Action": "sts:assumerole"',
      'A trust policy has',
    ],
    ['a bucket’s, by its Principal', 'policy.json', '"Principal": "*", "Action": "s3:*"', 'A bucket policy has'],
    ['a role’s', 'policy.json', '"Action": "sts:AssumeRole"', 'IAM takes at most'],
  ])('counts as %s, and nothing else is said of it', (_name, path, rest, message) => {
    const text = long(rest);
    const findings = lintOne(text, undefined, path);
    expect(findings).toEqual([expect.objectContaining({ code: 'policy-too-large', range: { start: 2, end: 3 } })]);
    expect(findings[0]?.message).toContain(message);
  });
});

describe('a policy as pasted', () => {
  it.each([
    ['with a byte order mark', `\ufeff${GOOD}`],
    ['with a byte order mark and comments', `\ufeff// a\n${GOOD}`],
    ['in lone carriage returns', GOOD.replaceAll('\n', '\r').replace('"\r      ]\r', '",\r      ]\r')],
    ['with each of its commas twice', GOOD.replaceAll(',', ',,')],
    ['without any comma', GOOD.replaceAll(',', '')],
    ['without any closing bracket', GOOD.replace(/[\]}]/g, '').trimEnd()],
    ['without its first and last brace', GOOD.trim().slice(1, -1)],
    ['in single quotes', GOOD.replaceAll('"', "'")],
    ['in typographic quotes', GOOD.replace(/"([^"]*)"/g, '\u201c$1\u201d')],
    ['with bare names', GOOD.replace(/"(\w+)":/g, '$1:')],
    ['in no-break spaces', GOOD.replaceAll(' ', '\u00a0')],
    [
      'numbered, in no-break spaces',
      GOOD.trimEnd()
        .replaceAll(' ', '\u00a0')
        .split('\n')
        .map((line, i) => `${i + 1}\u00a0${line}`)
        .join('\n'),
    ],
    [
      'numbered, with comments',
      GOOD.trimEnd()
        .split('\n')
        .map((line, i) => `${i + 1} ${line} // ${i}`)
        .join('\r\n'),
    ],
  ])('%s becomes right by fixing all', (_name, text) => {
    const findings = lintOne(text);
    expect(findings.map(({ code }) => code)).toContain('json-syntax');
    const { text: fixed } = fixAll(text, current => lintOne(current));
    expect(JSON.parse(fixed)).toEqual(JSON.parse(GOOD));
    expect(lintOne(fixed)).toEqual([]);
  });

  it.each([
    ['a list of policies', `[${GOOD}]`],
    ['a policy in a version', `{"PolicyVersion": {"Document": ${GOOD}}}`],
    ['statements without a policy', JSON.stringify(JSON.parse(GOOD).Statement)],
    ['a statement of another kind', '{"Statement": "We delete logs.", "Version": 3}'],
    ['words', 'Our policy: "Statement": one Action a day.'],
    ['nothing', ''],
  ])('is left alone where it is %s', (_name, text) => {
    expect(lintOne(text)).toEqual([]);
  });
});

describe('findUnknownAction', () => {
  it.each([
    's3:PutObject',
    'S3:PUTOBJECT',
    's3:*',
    's3:Get?bject',
    '*',
    'sqs:SendMesage',
    'kms:ReEncrypt*',
    'sts:TagSession',
    's3.Put*',
    'ec2.RunInstances',
    'xs3.PutObject',
    'PutObjectz',
    ':PutObject',
    '',
  ])('knows %s, or makes no claim', action => {
    expect(findUnknownAction(action)).toBeUndefined();
  });

  it.each([
    ['s3:PutObjects', 's3:PutObject'],
    ['s3:ListObjectsV2', 's3:ListBucket'],
    ['s3:ListBuckets', 's3:ListBucket'],
    ['s3.PutObject', 's3:PutObject'],
    ['PutObject', 's3:PutObject'],
    ['AssumeRole', 'sts:AssumeRole'],
    ['kms:GenerateDatakeys', 'kms:GenerateDataKey'],
    ['s3:HeadBucket', 's3:ListBucket'],
    ['s3:UploadPart', 's3:PutObject'],
    ['s3.PutObjects', 's3:PutObject'],
    ['s3..PutObject', 's3:PutObject'],
    ['S3/GetObject', 's3:GetObject'],
    ['s3PutObject', 's3:PutObject'],
    ['s3:PutObjectss', 's3:PutObject'],
    ['s3:PutObjectAc', 's3:PutObjectAcl'],
    ['s3:GetBucketAba', 's3:GetBucketAbac'],
    ['kms:Sing', 'kms:Sign'],
    ['kms:Verifi', 'kms:Verify'],
    ['s3:Nothing', undefined],
    ['s3:Pux*', undefined],
    ['s3.Nothing', undefined],
    ['s3:PutObjectsss', undefined],
    ['kms:HeadObject', undefined],
  ])('takes %s for %s', (action, suggestion) => {
    expect(findUnknownAction(action)).toEqual(suggestion === undefined ? {} : { suggestion });
  });

  it.each([
    ['two names come as close', 'kms:ReEncrypt'],
    ['two letters of six are wrong', 'kms:Vxrixy'],
    ['only the length comes close', `s3:${'x'.repeat(50)}`],
  ])('suggests nothing where %s', (_name, action) => {
    expect(findUnknownAction(action)).toEqual({});
  });
});

describe('one quick fix', () => {
  it('makes the printed sample right, beside the fix of each mistake', () => {
    const lines = GOOD.trim().slice(1).trim().split('\n');
    const numbered = lines.map((line, i) => `${i + 1} ${line.trim()}`).join('\n');
    const text = numbered.replace('logs/*"', 'logs/*",');
    const findings = lintOne(text);
    expect(findings).toHaveLength(3);
    for (const { alternatives = [] } of findings) {
      expect(alternatives).toHaveLength(1);
      const fixed = applyEdits(text, alternatives[0]?.edits ?? []);
      expect(JSON.parse(fixed)).toEqual(JSON.parse(GOOD));
      expect(lintOne(fixed)).toEqual([]);
    }
  });
});
