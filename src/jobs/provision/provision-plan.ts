import { t } from '@vscode/l10n';
import type { Provisioner } from '../../aws/provisioner-types';
import type { PolicyDocument } from '../../core/iam/policy';
import { type PolicyDrift, policyDrift } from '../../core/iam/policy-drift';
import { type BucketSettings, lifecycleRule, POLICY_NAME, roleNameOf } from '../../core/iam/render-stack';
import { saysTheSame } from '../../core/iam/same-policy';
import { CREATED_TAG, CREATED_VALUE, mergeBucketPolicy, type ProvisionInput, parseInput } from './provision-input';
import type { ProvisionState } from './provision-state';

export type StepId =
  | 'role'
  | 'trust'
  | 'boundary'
  | 'role-tags'
  | 'role-policy'
  | 'bucket'
  | 'public-access'
  | 'ownership'
  | 'encryption'
  | 'versioning'
  | 'lifecycle'
  | 'bucket-tags'
  | 'bucket-policy';

/** One thing in AWS, as it is and as it is to be. */
export interface ProvisionStep {
  readonly id: StepId;
  readonly effect: 'create' | 'change' | 'leave';
  /** What it is, in a few words. */
  readonly title: string;
  /** Documents to compare; `before` is undefined where there is nothing yet. */
  readonly before?: string;
  readonly after: string;
  /** IAM actions, and the ARN that they are asked on. */
  readonly actions: readonly string[];
  readonly resource: string;
  /** Only of the permission policy. */
  readonly drift?: PolicyDrift;
  apply(provisioner: Provisioner, signal?: AbortSignal): Promise<void>;
}

/** What to create, to change and to leave. */
export interface ProvisionPlan {
  readonly steps: readonly ProvisionStep[];
  /** What is left out, and why. */
  readonly notes: readonly string[];
  /** Whether the role, or the bucket, was created here, by its tag. */
  readonly created: { readonly role: boolean; readonly bucket: boolean };
}

/** The steps that change something. */
export function changesOf(plan: ProvisionPlan): readonly ProvisionStep[] {
  return plan.steps.filter(step => step.effect !== 'leave');
}

/** Actions that reading needs, beside those of the steps. */
export const READING_ACTIONS = [
  'iam:GetRole',
  'iam:ListRolePolicies',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  's3:ListBucket',
  's3:GetBucketPolicy',
] as const;

/** Compares what is wanted with what AWS has. Throws an ExportError for a file that IAM would refuse. */
export function makePlan(input: ProvisionInput, state: ProvisionState): ProvisionPlan {
  const documents = parseInput(input);
  const notes: string[] = [];
  const steps = [
    ...roleSteps(input, documents.trust !== undefined, state, notes),
    ...bucketSteps(input, documents.bucketPolicy, state, notes),
  ];
  const isOurs = (tags: Readonly<Record<string, string>> | undefined) => tags?.[CREATED_TAG] === CREATED_VALUE;
  return { steps, notes, created: { role: isOurs(state.role?.role?.tags), bucket: isOurs(state.bucket?.tags) } };
}

function roleSteps(input: ProvisionInput, mayCreate: boolean, state: ProvisionState, notes: string[]): ProvisionStep[] {
  const { roleArn, policy, boundaryArn, tags = {} } = input;
  if (roleArn === undefined) {
    notes.push(t("The role is left out: the Deployment's own role isn't named."));
    return [];
  }
  if (!state.ownsRole) {
    const account = roleArn.split(':')[4] ?? '';
    notes.push(t('The role is left out: it belongs to account {0}, this profile to {1}.', account, state.account));
    return [];
  }
  const { name, path } = roleNameOf(roleArn);
  const trust = input.trust ?? '';
  const steps: ProvisionStep[] = [];
  const { role } = state.role ?? {};
  const step = (one: Omit<ProvisionStep, 'resource'>) => steps.push({ ...one, resource: roleArn });
  if (!state.role) {
    if (!mayCreate) {
      notes.push(t('The role {0} is not there, and no trust policy says who may become it.', name));
      return [];
    }
    const all = { ...tags, [CREATED_TAG]: CREATED_VALUE };
    step({
      id: 'role',
      effect: 'create',
      title: t('Role {0} with its trust policy', name),
      after: trust,
      actions: [
        'iam:CreateRole',
        'iam:TagRole',
        ...(boundaryArn === undefined ? [] : ['iam:PutRolePermissionsBoundary']),
      ],
      apply: (provisioner, signal) => provisioner.createRole({ name, path, trust, boundaryArn, tags: all }, { signal }),
    });
  } else if (role) {
    if (mayCreate) {
      step({
        id: 'trust',
        effect: saysTheSame(role.trust, trust) ? 'leave' : 'change',
        title: t('Trust policy of role {0}', name),
        before: indented(role.trust),
        after: trust,
        actions: ['iam:UpdateAssumeRolePolicy'],
        apply: (provisioner, signal) => provisioner.putTrust(name, trust, { signal }),
      });
    }
    if (boundaryArn !== undefined) {
      step({
        id: 'boundary',
        effect: role.boundaryArn === boundaryArn ? 'leave' : role.boundaryArn === undefined ? 'create' : 'change',
        title: t('Permissions boundary of role {0}', name),
        before: role.boundaryArn,
        after: boundaryArn,
        actions: ['iam:PutRolePermissionsBoundary'],
        apply: (provisioner, signal) => provisioner.putBoundary(name, boundaryArn, { signal }),
      });
    }
    if (Object.keys(tags).length > 0) {
      const missing = Object.entries(tags).some(([key, value]) => role.tags[key] !== value);
      step({
        id: 'role-tags',
        effect: missing ? 'change' : 'leave',
        title: t('Tags of role {0}', name),
        before: printTags(role.tags),
        after: printTags({ ...role.tags, ...tags }),
        actions: ['iam:TagRole'],
        apply: (provisioner, signal) => provisioner.tagRole(name, tags, { signal }),
      });
    }
  } else notes.push(t('The trust policy of role {0} is left as it is: iam:GetRole is denied.', name));
  steps.push(policyStep(input, policy, name, roleArn, state));
  return steps;
}

/** The permission policy is there already where any policy of the role says the same. */
function policyStep(
  { target }: ProvisionInput,
  policy: string,
  name: string,
  roleArn: string,
  { role }: ProvisionState,
): ProvisionStep {
  const inline = role?.inline ?? [];
  const texts = [...inline, ...(role?.attached ?? [])].flatMap(({ text }) => text ?? []);
  const own = inline.find(one => one.name === POLICY_NAME);
  const isThere = own ? saysTheSame(own.text, policy) : texts.some(text => saysTheSame(text, policy));
  return {
    id: 'role-policy',
    effect: isThere ? 'leave' : own ? 'change' : 'create',
    title: t('Permission policy {0} of role {1}', POLICY_NAME, name),
    ...(own && { before: indented(own.text) }),
    after: policy,
    actions: ['iam:PutRolePolicy'],
    resource: roleArn,
    ...(role && !isThere && { drift: policyDrift(policy, texts, target) }),
    apply: (provisioner, signal) => provisioner.putRolePolicy(name, POLICY_NAME, policy, { signal }),
  };
}

function bucketSteps(
  input: ProvisionInput,
  bucketPolicy: PolicyDocument | undefined,
  state: ProvisionState,
  notes: string[],
): ProvisionStep[] {
  const { bucket: name } = input.target;
  if (state.foreignBucket) {
    notes.push(t('The bucket is left out: {0}.', state.foreignBucket.message));
    return [];
  }
  const partition = /^arn:(aws[\w-]*):/.exec(state.callerArn)?.[1] ?? 'aws';
  const resource = `arn:${partition}:s3:::${name}`;
  const steps: ProvisionStep[] = [];
  const { bucket } = state;
  if (!bucket && !input.bucket) {
    notes.push(t('There is no bucket {0}, and none is to be made.', name));
    return [];
  }
  if (input.bucket) steps.push(...settingSteps(input.bucket, input, state, resource));
  if (bucketPolicy) {
    const present = bucket?.policy;
    if (bucket?.unreadable.some(({ action }) => action === 's3:GetBucketPolicy')) {
      notes.push(
        t('The bucket policy is left as it is: s3:GetBucketPolicy is denied, and nothing is replaced unread.'),
      );
    } else {
      const after = mergeBucketPolicy(present, bucketPolicy);
      steps.push({
        id: 'bucket-policy',
        effect: present === undefined ? 'create' : saysTheSame(present, after) ? 'leave' : 'change',
        title: t('Bucket policy of {0}', name),
        ...(present !== undefined && { before: indented(present) }),
        after,
        actions: ['s3:PutBucketPolicy'],
        resource,
        apply: (provisioner, signal) => provisioner.putBucketPolicy(name, after, { signal }),
      });
    }
  }
  return steps;
}

/** A bucket's settings, each a step of its own. A rule of somebody else's lifecycle stays. */
function settingSteps(
  settings: BucketSettings,
  { target: { bucket: name }, tags = {} }: ProvisionInput,
  { bucket }: ProvisionState,
  resource: string,
): ProvisionStep[] {
  const steps: ProvisionStep[] = [];
  const step = (
    id: StepId,
    title: string,
    before: string | undefined,
    after: string,
    action: string,
    apply: ProvisionStep['apply'],
  ) => {
    const effect = before === after ? 'leave' : before === undefined ? 'create' : 'change';
    steps.push({
      id,
      effect,
      title,
      ...(before !== undefined && { before }),
      after,
      actions: [action],
      resource,
      apply,
    });
  };
  const place = bucket?.region ?? settings.region;
  step('bucket', t('Bucket {0}', name), bucket && place, place, 's3:CreateBucket', (provisioner, signal) =>
    provisioner.createBucket(name, settings.region, { signal }),
  );
  // Marked at once: whatever fails after this, it is known who made it.
  const allTags: Record<string, string> = { ...bucket?.tags, ...tags };
  if (!bucket) allTags[CREATED_TAG] = CREATED_VALUE;
  const present = bucket && Object.keys(bucket.tags).length > 0 ? printTags(bucket.tags) : undefined;
  if (Object.keys(allTags).length > 0) {
    step(
      'bucket-tags',
      t('Tags of bucket {0}', name),
      present,
      printTags(allTags),
      's3:PutBucketTagging',
      (provisioner, signal) => provisioner.putBucketTags(name, allTags, { signal }),
    );
  }
  const closed = t('all public access is blocked');
  step(
    'public-access',
    t('Public access of bucket {0}', name),
    bucket?.isClosed ? closed : undefined,
    closed,
    's3:PutBucketPublicAccessBlock',
    (provisioner, signal) => provisioner.closeBucket(name, { signal }),
  );
  step(
    'ownership',
    t('Object ownership of bucket {0}', name),
    bucket?.ownership,
    'BucketOwnerEnforced',
    's3:PutBucketOwnershipControls',
    (provisioner, signal) => provisioner.enforceOwner(name, { signal }),
  );
  const { kmsKeyArn } = settings;
  step(
    'encryption',
    t('Default encryption of bucket {0}', name),
    bucket?.encryption && [bucket.encryption, bucket.kmsKeyArn].filter(Boolean).join(' '),
    kmsKeyArn === undefined ? 'AES256' : `aws:kms ${kmsKeyArn}`,
    's3:PutEncryptionConfiguration',
    (provisioner, signal) => provisioner.encryptBucket(name, kmsKeyArn, { signal }),
  );
  if (settings.versioning) {
    step(
      'versioning',
      t('Versioning of bucket {0}', name),
      bucket?.isVersioned ? 'Enabled' : undefined,
      'Enabled',
      's3:PutBucketVersioning',
      (provisioner, signal) => provisioner.keepVersions(name, { signal }),
    );
  }
  const others = (bucket?.lifecycle ?? []).filter(rule => (rule as { ID?: string }).ID !== POLICY_NAME);
  const rules = [...others, lifecycleRule(settings)];
  step(
    'lifecycle',
    t('Lifecycle of bucket {0}', name),
    bucket && bucket.lifecycle.length > 0 ? printRules(bucket.lifecycle) : undefined,
    printRules(rules),
    's3:PutLifecycleConfiguration',
    (provisioner, signal) => provisioner.putLifecycle(name, rules, { signal }),
  );
  return steps;
}

function printTags(tags: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))), null, 2);
}

/** Rules with their keys and themselves in order, since S3 answers them in its own. */
function printRules(rules: readonly object[]): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
  };
  const id = (rule: object) => String((rule as { ID?: string }).ID);
  return JSON.stringify(sorted([...rules].sort((a, b) => (id(a) < id(b) ? -1 : 1))), null, 2);
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
