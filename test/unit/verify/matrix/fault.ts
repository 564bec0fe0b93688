import type { CheckId, CheckStatus } from '../../../../src/core/check';
import type { Cause } from '../../../../src/core/diagnosis/cause';
import type { PolicyDocument, PolicyStatement } from '../../../../src/core/iam/policy';
import { policyRecord } from '../../../../src/sandbox/policy-record';
import type { SandboxKeys } from '../../../../src/sandbox/start-sandbox';
import { BUCKET, DEPLOYMENT_ROLE, type Edits, type ReportOptions, type startWorld, type World } from '../world';

export type RunningWorld = Awaited<ReturnType<typeof startWorld>>;

export const ARN = `arn:aws:s3:::${BUCKET}`;
const OTHER_ACCOUNT = '999999999999';

/** One way to break the chain. */
export interface Fault {
  readonly name: string;
  /** Default `assume-role`. */
  readonly world?: World;
  readonly edits?: Edits;
  readonly bucketPolicy?: PolicyDocument;
  /** What no document does, and the sandbox has to be told. */
  readonly breaks?: (world: RunningWorld) => unknown;
  /** How it is verified; default: as the Deployment. */
  readonly run?: (world: RunningWorld) => ReportOptions;
  readonly fails: CheckId;
  /** Default `fail`. */
  readonly status?: CheckStatus;
  readonly cause: Cause;
  readonly nextStep: RegExp;
  /**
   * `offered`: the change that the check offers cures it. `person`: no edit of a policy or a variable does, and the next
   * step names what a person has to do.
   */
  readonly cure: 'offered' | 'person';
}

export const policyEdit =
  (change: (policy: { Statement: PolicyStatement[] }) => void) =>
  (text: string): string => {
    const policy = JSON.parse(text) as { Statement: PolicyStatement[] };
    change(policy);
    return JSON.stringify(policy);
  };

/** The scaffolded policy without some of its actions. */
export const without = (...actions: readonly string[]) =>
  policyEdit(policy => {
    policy.Statement = policy.Statement.map(one => ({
      ...one,
      Action: (one.Action as string[]).filter(action => !actions.includes(action)),
    })).filter(({ Action }) => Action.length > 0);
  });

export function statement(
  Effect: 'Allow' | 'Deny',
  Action: string,
  Resource: string,
  rest: object = {},
): PolicyStatement {
  return { Effect, Action, Resource, ...rest };
}

export function policy(...Statement: PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

export function deny(action: string, resource: string, condition?: object): PolicyDocument {
  return policy(statement('Deny', action, resource, { Principal: '*', ...(condition && { Condition: condition }) }));
}

export function addInline({ sandbox }: RunningWorld, roleArn: string, name: string, ...statements: PolicyStatement[]) {
  const role = sandbox.identities.findRoleByArn(roleArn);
  if (!role) throw new Error(`no role ${roleArn}`);
  role.inline.set(name, policyRecord(JSON.stringify(policy(...statements)), 'identity'));
}

export function setBoundary({ sandbox }: RunningWorld, roleArn: string, document: PolicyDocument): void {
  const role = sandbox.identities.findRoleByArn(roleArn)!;
  const record = policyRecord(JSON.stringify(document), 'identity');
  role.boundaryArn = sandbox.identities.createPolicy({ account: role.account, name: 'boundary', policy: record }).arn;
}

/** As the Deployment, whatever the trust policy says of whom it lets in. */
export const asTheDeployment = (): ReportOptions => ({ deploymentRoles: [DEPLOYMENT_ROLE] });

/** The right to read what the export is made of, and to simulate it, for the Deployment itself. */
export function mayRead(world: RunningWorld): void {
  const actions = ['iam:Get*', 'iam:List*', 'iam:SimulatePrincipalPolicy', 's3:GetBucketPolicy'];
  const Action = actions as unknown as string;
  addInline(world, world.sandbox.deployment.roleArn, 'may-read', statement('Allow', Action, '*'));
}

function asKeys({ accessKeyId, secretAccessKey, sessionToken }: SandboxKeys): ReportOptions {
  return {
    env: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    },
  };
}

/** The person who looks after the account of the export's role, and isn't the Deployment. */
export const asAdmin = ({ sandbox }: RunningWorld): ReportOptions => asKeys(sandbox.admin);

/** The person who looks after another account, which owns the bucket. */
export function asOwner({ sandbox }: RunningWorld): ReportOptions {
  const owner = sandbox.identities.createUser({ account: OTHER_ACCOUNT, name: 'owner', isAdmin: true });
  return asKeys(sandbox.identities.createAccessKey(owner));
}

/** Moves the bucket into another account. */
export async function moveBucket({ sandbox, editEnv }: RunningWorld, settings: object = {}): Promise<void> {
  await sandbox.s3.createBucket({
    name: 'their-bucket',
    region: 'us-east-1',
    ownerAccount: OTHER_ACCOUNT,
    ...settings,
  });
  editEnv(text => text.replace(BUCKET, 'their-bucket'));
}

/** The scaffolded policy for that bucket. */
export const forTheirBucket = (text: string) => text.replaceAll(BUCKET, 'their-bucket');

export const errorOf =
  (service: 's3' | 'sts', code: string, status: number, message?: string, method?: string) =>
  ({ sandbox }: RunningWorld) =>
    sandbox.faults.add({
      effect: { kind: 'error', code, status, ...(message !== undefined && { message }) },
      matches: request => request.service === service && (method === undefined || request.method === method),
    });
