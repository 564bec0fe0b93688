import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBucketPolicy, buildPermissionPolicy, buildTrustPolicy } from '../../../src/core/iam/build';
import { renderAwsCli } from '../../../src/core/iam/render-aws-cli';
import type { ExportStack } from '../../../src/core/iam/render-stack';

const ROLE = 'arn:aws:iam::123456789012:role/team/Logs';
const permission = { bucket: 'my-bucket', prefix: 'logs' };
const stack: ExportStack = {
  bucket: 'my-bucket',
  bucketAccount: '999999999999',
  roles: [ROLE],
  policy: buildPermissionPolicy(permission),
  trust: buildTrustPolicy({ deploymentRoles: ['arn:aws:iam::111122223333:role/astro-deployment-role'] }),
  bucketPolicy: buildBucketPolicy({ ...permission, roles: [ROLE] }),
};

/** Stands in for the AWS CLI: writes down its calls, keeps roles and a bucket policy as files. */
const STAND_IN = `#!/usr/bin/env bash
echo "$1 $2" >> "$STATE/calls"
case "$2" in
  get-caller-identity) echo "$ACCOUNT" ;;
  get-role) [ -e "$STATE/role" ] ;;
  create-role) touch "$STATE/role" ;;
  get-bucket-policy) if [ -e "$STATE/policy" ]; then cat "$STATE/policy"; else echo "\${REFUSAL:-An error occurred (NoSuchBucketPolicy)}" >&2; exit 254; fi ;;
  put-bucket-policy) printf %s "$6" | tr -d '[:space:]' > "$STATE/policy" ;;
esac
`;

describe.skipIf(process.platform === 'win32')('the script for the AWS CLI', () => {
  let state: string;
  beforeEach(() => {
    state = mkdtempSync(path.join(tmpdir(), 'aws-cli-'));
    writeFileSync(path.join(state, 'aws'), STAND_IN);
    chmodSync(path.join(state, 'aws'), 0o755);
    writeFileSync(path.join(state, 'run.sh'), renderAwsCli(stack));
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  function run(account: string, more: Record<string, string> = {}): { code: number; calls: string[] } {
    rmSync(path.join(state, 'calls'), { force: true });
    const env = { ...process.env, PATH: `${state}:${process.env.PATH}`, STATE: state, ACCOUNT: account, ...more };
    let code = 0;
    try {
      execFileSync('bash', [path.join(state, 'run.sh')], { env, stdio: 'pipe' });
    } catch (error) {
      code = (error as { status: number }).status;
    }
    return { code, calls: readFileSync(path.join(state, 'calls'), 'utf8').trim().split('\n').slice(1) };
  }

  it('makes the role once, then only sets what may have changed', () => {
    expect(run('123456789012')).toEqual({ code: 0, calls: ['iam get-role', 'iam create-role', 'iam put-role-policy'] });
    expect(run('123456789012')).toEqual({
      code: 0,
      calls: ['iam get-role', 'iam update-assume-role-policy', 'iam put-role-policy'],
    });
  });

  it("sets the bucket policy in the bucket's account, and never replaces another one", () => {
    expect(run('999999999999')).toEqual({ code: 0, calls: ['s3api get-bucket-policy', 's3api put-bucket-policy'] });
    expect(run('999999999999')).toEqual({ code: 0, calls: ['s3api get-bucket-policy'] });
    writeFileSync(path.join(state, 'policy'), '{"Version":"2012-10-17","Statement":[]}');
    expect(run('999999999999')).toEqual({ code: 1, calls: ['s3api get-bucket-policy'] });
  });

  it('sets no bucket policy where it may not read the present one', () => {
    const refused = run('999999999999', { REFUSAL: 'An error occurred (AccessDenied)' });
    expect(refused).toEqual({ code: 1, calls: ['s3api get-bucket-policy'] });
  });
});
