import { type Change, statementOf } from '../../../../src/core/diagnosis/change';
import type { PolicyDocument, PolicyStatement } from '../../../../src/core/iam/policy';
import { policyRecord } from '../../../../src/sandbox/policy-record';
import type { RunningWorld } from './fault';

const asList = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** Throws for a statement that allows more than what was missing: a wildcard, everybody, or another bucket. */
export function refuseWide(added: PolicyStatement, buckets: readonly string[], roleArn: string): void {
  if (added.Effect !== 'Allow') throw new Error('a change may only allow');
  const wide = [...asList(added.Action), ...Object.values(added.Principal ?? {})].flat().map(String);
  if (added.Principal === '*' || wide.some(name => /[*?]|:root$/.test(name))) throw new Error(`too wide: ${wide}`);
  for (const resource of asList(added.Resource)) {
    const isOfExport = buckets.some(bucket => resource === bucket || resource === `${bucket}/logs/*`);
    if (!isOfExport && resource !== roleArn && !/^arn:aws:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(resource)) {
      throw new Error(`a wider resource than the export's: ${resource}`);
    }
  }
  if (added.Principal === undefined && added.Resource === undefined) throw new Error('no resource');
}

/** Adds a statement and nothing else: what stands in the policy stays. */
export function extended(document: PolicyDocument | undefined, added: PolicyStatement): PolicyDocument {
  return { Version: '2012-10-17', Statement: [...asList(document?.Statement), added] };
}

/** Takes the next step that a check offers, in the sandbox. */
export async function applyChange(world: RunningWorld, change: Change, times: number): Promise<void> {
  const { sandbox, exportRole } = world;
  if (change.document === 'env') {
    world.editEnv(text => {
      const line = `${change.key}=${change.value}`;
      const form = new RegExp(`^${change.key}=.*$`, 'm');
      return form.test(text) ? text.replace(form, line) : `${text}${line}\n`;
    });
    return;
  }
  const added = statementOf(change)!;
  const buckets = ['acme-airflow-logs', 'their-bucket'].map(name => `arn:aws:s3:::${name}`);
  refuseWide(added, buckets, exportRole);
  const role = sandbox.identities.findRoleByArn(exportRole)!;
  const record = policyRecord(JSON.stringify({ Version: '2012-10-17', Statement: [added] }), recordGrammar(change));
  switch (change.document) {
    case 'permission':
      role.inline.set(`added-${times}`, record);
      break;
    case 'caller-permission':
      sandbox.identities.findRoleByArn(sandbox.deployment.roleArn)!.inline.set(`added-${times}`, record);
      break;
    case 'boundary': {
      const before = sandbox.identities.policyDocument(role.boundaryArn!);
      const text = JSON.stringify(extended(before, added));
      const { account } = role;
      const name = `boundary-${times}`;
      role.boundaryArn = sandbox.identities.createPolicy({ account, name, policy: policyRecord(text, 'identity') }).arn;
      break;
    }
    case 'trust':
      role.trust = sandbox.identities.bindTrust(extended(role.trust, added));
      break;
    case 'bucket': {
      const name = String(change.resource).split(':::')[1]!.split('/')[0]!;
      await sandbox.s3.setBucketPolicy(name, extended(sandbox.s3.describeBucket(name)?.policy, added));
      break;
    }
    default:
      throw new Error(change satisfies never);
  }
}

function recordGrammar(change: Change): 'identity' | 'resource' | 'trust' {
  return change.document === 'bucket' ? 'resource' : change.document === 'trust' ? 'trust' : 'identity';
}
