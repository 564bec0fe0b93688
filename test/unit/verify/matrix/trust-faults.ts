import { DEPLOYMENT_ROLE } from '../world';
import {
  addInline,
  asAdmin,
  asTheDeployment,
  errorOf,
  type Fault,
  policyEdit,
  type RunningWorld,
  setBoundary,
  policy,
  statement,
} from './fault';

const trusting = (Principal: object, more: object = {}) =>
  policyEdit(one => {
    one.Statement = [{ Effect: 'Allow', Principal: Principal as never, Action: 'sts:AssumeRole', ...more }];
  });

const ROOT = { AWS: 'arn:aws:iam::111122223333:root' };

/** Takes from the Deployment what the seeding gave it, beside the trust. */
function withoutOwnRight({ sandbox }: RunningWorld): void {
  sandbox.identities.findRoleByArn(DEPLOYMENT_ROLE)!.inline.clear();
}

const asAdminFor = (world: RunningWorld) => ({ ...asAdmin(world), ...asTheDeployment() });
const NAMES_IT = /Name arn:aws:iam::111122223333:role\/astro-deployment-role as Principal with sts:AssumeRole/;

export const TRUST_FAULTS: readonly Fault[] = [
  {
    name: 'a trust that names another role',
    edits: { trust: text => text.replace('role/astro-deployment-role', 'role/astro-other-role') },
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: NAMES_IT,
    cure: 'offered',
  },
  {
    name: 'a trust that names another role, read by somebody else',
    world: 'one-account',
    edits: { trust: text => text.replace('role/astro-deployment-role', 'role/astro-other-role') },
    run: asAdminFor,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: NAMES_IT,
    cure: 'offered',
  },
  {
    name: 'a trust that names another account',
    edits: { trust: trusting({ AWS: 'arn:aws:iam::222222222222:root' }) },
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: NAMES_IT,
    cure: 'offered',
  },
  {
    name: 'a trust that names a service',
    edits: { trust: trusting({ Service: 'ec2.amazonaws.com' }) },
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: NAMES_IT,
    cure: 'offered',
  },
  {
    name: 'a trust for another way in',
    edits: { trust: text => text.replace('sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity') },
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: NAMES_IT,
    cure: 'offered',
  },
  {
    name: 'a trust that wants an ExternalId',
    edits: {
      trust: trusting({ AWS: DEPLOYMENT_ROLE }, { Condition: { StringEquals: { 'sts:ExternalId': 'handshake' } } }),
    },
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: /trust policy of role astro-task-logs/,
    cure: 'offered',
  },
  {
    name: 'a trust that wants an ExternalId, read by somebody else',
    world: 'one-account',
    edits: {
      trust: trusting({ AWS: DEPLOYMENT_ROLE }, { Condition: { StringEquals: { 'sts:ExternalId': 'handshake' } } }),
    },
    run: asAdminFor,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: /without a condition on sts:ExternalId/,
    cure: 'offered',
  },
  {
    name: 'a Deny in the trust',
    world: 'one-account',
    edits: {
      trust: policyEdit(one =>
        one.Statement.push({ Effect: 'Deny', Principal: { AWS: DEPLOYMENT_ROLE }, Action: 'sts:AssumeRole' }),
      ),
    },
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'trust-denies',
    nextStep: /Remove the Deny that hits arn:aws:iam::111122223333:role\/astro-deployment-role/,
    cure: 'person',
  },
  {
    name: 'a Deployment whose role was made again',
    world: 'one-account',
    breaks: ({ sandbox }) => {
      const old = sandbox.identities.findRoleByArn(DEPLOYMENT_ROLE)!;
      sandbox.identities.deleteRole(old);
      const { account, name, trust } = old;
      const again = sandbox.identities.createRole({ account, name, trust });
      for (const [key, record] of old.inline) again.inline.set(key, record);
    },
    run: asAdminFor,
    fails: 'assume-role',
    cause: 'role-recreated',
    nextStep: NAMES_IT,
    cure: 'offered',
  },
  {
    name: 'a trust that leaves it to the account, which does not allow it',
    world: 'one-account',
    edits: { trust: trusting(ROOT) },
    breaks: withoutOwnRight,
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'caller-may-not-assume',
    nextStep: /Add sts:AssumeRole on arn:aws:iam::111122223333:role\/astro-task-logs to .* role astro-deployment-role/,
    cure: 'offered',
  },
  {
    name: 'a trust that leaves it to the account, which does not allow it, simulated',
    world: 'one-account',
    edits: { trust: trusting(ROOT) },
    breaks: withoutOwnRight,
    run: asAdminFor,
    fails: 'assume-role',
    cause: 'caller-may-not-assume',
    nextStep: /Add sts:AssumeRole on arn:aws:iam::111122223333:role\/astro-task-logs to .* role astro-deployment-role/,
    cure: 'offered',
  },
  {
    name: 'a Deployment whose own policy denies it',
    world: 'one-account',
    edits: { trust: trusting(ROOT) },
    breaks: world => addInline(world, DEPLOYMENT_ROLE, 'no', statement('Deny', 'sts:AssumeRole', '*')),
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'explicit-deny',
    nextStep: /Deny of sts:AssumeRole/,
    cure: 'person',
  },
  {
    name: 'a Deployment whose boundary leaves it out',
    world: 'one-account',
    edits: { trust: trusting(ROOT) },
    breaks: world => {
      addInline(world, DEPLOYMENT_ROLE, 'may', statement('Allow', 'sts:AssumeRole', '*'));
      setBoundary(world, DEPLOYMENT_ROLE, policy(statement('Allow', 's3:*', '*')));
    },
    run: asTheDeployment,
    fails: 'assume-role',
    cause: 'boundary-denies',
    nextStep: /boundary/,
    cure: 'person',
  },
  {
    name: 'a role that is not there',
    world: 'one-account',
    breaks: ({ editEnv }) => editEnv(text => text.replace('astro-task-logs', 'astro-task-lugs')),
    run: asAdminFor,
    fails: 'assume-role',
    cause: 'role-not-found',
    nextStep: /Create the role, or correct/,
    cure: 'person',
  },
  {
    name: 'a session that is too long',
    breaks: errorOf(
      'sts',
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ),
    fails: 'identity',
    cause: 'session-too-long',
    nextStep: /one hour/,
    cure: 'person',
  },
];
