import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildBucketPolicy,
  buildKeyPolicyStatement,
  buildPermissionPolicy,
  buildTrustPolicy,
} from '../../../src/core/iam/build';
import { renderAwsCli } from '../../../src/core/iam/render-aws-cli';
import { renderCloudFormation } from '../../../src/core/iam/render-cloudformation';
import type { ExportStack } from '../../../src/core/iam/render-stack';
import { renderTerraform } from '../../../src/core/iam/render-terraform';

const ROLE = 'arn:aws:iam::123456789012:role/team/Logs';
const KEY = 'arn:aws:kms:eu-west-1:999988887777:key/abc';
const target = { bucket: 'acme-logs', prefix: 'prod' };

const STACKS: Readonly<Record<string, ExportStack>> = {
  policy: { bucket: 'acme-logs', roles: [ROLE], policy: buildPermissionPolicy(target) },
  nameless: {
    bucket: 'acme-logs',
    roles: [],
    policy: buildPermissionPolicy({ ...target, leastPrivilege: true }),
    trust: buildTrustPolicy({ deploymentRoles: ['arn:aws:iam::111122223333:role/astro'] }),
  },
  everything: {
    bucket: 'acme-logs',
    bucketSettings: { region: 'eu-west-1', kmsKeyArn: KEY, versioning: true, expireDays: 90, noncurrentDays: 1 },
    bucketAccount: '999988887777',
    roles: [ROLE],
    policy: buildPermissionPolicy({ ...target, kmsKeyArn: KEY }),
    trust: buildTrustPolicy({ deploymentRoles: ['arn:aws:iam::111122223333:role/astro'], externalId: 'a "b" {{c}}' }),
    boundaryArn: 'arn:aws:iam::123456789012:policy/Limit',
    tags: { team: 'data', 'cost center': '42' },
    bucketPolicy: buildBucketPolicy({ ...target, roles: [ROLE] }),
    keyStatement: buildKeyPolicyStatement([ROLE]),
  },
  bucket: {
    bucket: 'acme-logs',
    bucketSettings: { region: 'us-east-1' },
    roles: [ROLE, 'arn:aws:iam::123456789012:role/Other'],
    policy: buildPermissionPolicy(target),
  },
};

const FORMS = { tf: renderTerraform, yaml: renderCloudFormation, sh: renderAwsCli };

/** What each form writes, to the last blank; `render.test.ts` asks what it means. */
describe.each(Object.entries(STACKS))('the stack %s', (name, stack) => {
  it.each(Object.entries(FORMS))('as %s', (form, render) => {
    const expected = readFileSync(path.join(__dirname, 'rendered', `${name}.${form}`), 'utf8');
    expect(render(stack)).toBe(expected);
  });
});
