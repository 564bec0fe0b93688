import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding';
import { fixAll } from '../../../src/core/fix-all';
import { DEPLOYMENT, envOf, lintOne, ROLE } from './lint-one';

function trustOf(statement: object): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: DEPLOYMENT }, Action: 'sts:AssumeRole', ...statement }],
  });
}

function lint(text: string): Finding[] {
  return lintOne(text, envOf('s3://acme-logs/prod', { roleArn: ROLE }), 'secondary-logs-trust-policy.json');
}

function shown(text: string): [string, string][] {
  return lint(text).map(({ code, range }) => [code, text.slice(range.start, range.end)]);
}

describe('a trust policy', () => {
  it('has a Principal that says of which kind it is', () => {
    const text = trustOf({ Principal: DEPLOYMENT });
    expect(shown(text)).toEqual([['trust-principal', DEPLOYMENT]]);
    expect(JSON.parse(fixAll(text, lint).text)).toEqual(JSON.parse(trustOf({})));
    expect(shown(trustOf({ Principal: 'astro' })).map(([code]) => code)).toEqual(['trust-principal']);
  });

  it.each([{}, { AWS: [] }])('names somebody: not %j', Principal => {
    expect(shown(trustOf({ Principal }))).toEqual([['trust-principal', '"Principal"']]);
  });

  it('lets nobody in with a Deny alone', () => {
    expect(shown(trustOf({ Effect: 'Deny' }))).toEqual([['deny-overrides', '"Deny"']]);
    expect(shown(trustOf({ Effect: 'Deny', Principal: { AWS: `${ROLE}2` }, Action: 'sts:TagSession' }))).toEqual([]);
  });

  it('has no look-alikes, written as escapes either', () => {
    const text = trustOf({}).replace('astro-deployment-role', 'astro\\u2011deployment\\u2011role');
    expect(shown(text)).toEqual([
      ['non-ascii', '\\u2011'],
      ['non-ascii', '\\u2011'],
    ]);
    expect(fixAll(text, lint).text).toBe(trustOf({}));
  });
});

describe('a bucket policy', () => {
  const bucketPolicy = (Principal: unknown) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal, Action: 's3:*', Resource: 'arn:aws:s3:::acme-logs/*' }],
    });

  it('has a Principal that says of which kind it is', () => {
    const codesOf = (Principal: unknown) => lintOne(bucketPolicy(Principal)).map(({ code }) => code);
    expect(codesOf(DEPLOYMENT)).toContain('json-syntax');
    expect(codesOf({ AWS: DEPLOYMENT })).not.toContain('json-syntax');
    expect(codesOf('*')).not.toContain('json-syntax');
  });
});
