import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { type Change, statementOf } from '../../../src/core/diagnosis/change';
import type { PolicyDocument } from '../../../src/core/iam/policy';
import type { VerifyReport } from '../../../src/jobs/verify';
import { extended, refuseWide } from '../../unit/verify/matrix/apply-change';
import type { Fault } from '../../unit/verify/matrix/fault';
import { BUCKET, DEPLOYMENT_ROLE, reportOn, scaffoldExport } from '../../unit/verify/world';
import { allow, type Keys, policy, trusting, type World } from '../conformance/world';

const FILES = ['.env', 'secondary-logs-policy.json', 'secondary-logs-trust-policy.json'];

/** One fault of the matrix at the gateway: bucket and roles of its own, made from the documents as they stand. */
export class FaultAtGateway {
  private trust: PolicyDocument | undefined;
  private bucketPolicy: PolicyDocument | undefined;

  private constructor(
    private readonly world: World,
    private readonly fault: Fault,
    private readonly scaffolded: Awaited<ReturnType<typeof scaffoldExport>>,
    private readonly bucket: string,
    private readonly names: ReadonlyMap<string, string>,
    private readonly keys: Keys,
  ) {}

  static async make(world: World, fault: Fault): Promise<FaultAtGateway> {
    const scaffolded = await scaffoldExport(fault.world ?? 'assume-role', fault.edits ?? {});
    const { dir, mode } = scaffolded;
    const bucket = await world.bucket();
    const deployment = world.name('astro-deployment-role');
    const exported = world.name('astro-task-logs');
    const { account, caller } = world.backend;
    // The matrix speaks of one bucket and of roles in two accounts; the gateway has one account.
    const names = new Map([
      [BUCKET, bucket],
      ['role/astro-deployment-role', `role/${deployment}`],
      ['role astro-deployment-role', `role ${deployment}`],
      ['astro-task-logs', exported],
      ['111122223333', account],
      ['123456789012', account],
    ]);
    for (const name of FILES) {
      const file = path.join(dir, name);
      if (mode === 'workload-identity' && name.includes('trust')) continue;
      writeFileSync(file, translated(readFileSync(file, 'utf8'), names));
    }
    const file = (name: string) => readFileSync(path.join(dir, `secondary-logs-${name}.json`), 'utf8');
    await world.role(trusting(caller.arn), { RoleName: deployment });
    await world.putRolePolicy(
      deployment,
      mode === 'workload-identity' ? file('policy') : policy(allow('sts:AssumeRole')),
    );
    if (mode === 'assume-role') {
      await world.role(file('trust-policy'), { RoleName: exported });
      await world.putRolePolicy(exported, file('policy'));
    }
    const keys = await world.assume(`arn:aws:iam::${account}:role/${deployment}`);
    const made = new FaultAtGateway(world, fault, scaffolded, bucket, names, keys);
    if (mode === 'assume-role') made.trust = JSON.parse(file('trust-policy')) as PolicyDocument;
    if (fault.bucketPolicy) await made.setBucketPolicy(made.translate(fault.bucketPolicy));
    return made;
  }

  /** What a next step of the matrix reads like here. */
  get nextStep(): RegExp {
    return new RegExp(translated(this.fault.nextStep.source.replaceAll('\\/', '/'), this.names));
  }

  /** Names the Deployment in the trust, as a person does who knows it. */
  get naming(): Change {
    return { document: 'trust', principal: translated(DEPLOYMENT_ROLE, this.names), action: 'sts:AssumeRole' };
  }

  report(): Promise<VerifyReport> {
    const { dir, mode } = this.scaffolded;
    const { deploymentRoles, ...run } = this.fault.run?.(undefined as never) ?? {};
    const roles = deploymentRoles && { deploymentRoles: this.translate([...deploymentRoles]) };
    return reportOn({ dir, mode, env: this.env }, translated(DEPLOYMENT_ROLE, this.names), { ...run, ...roles });
  }

  /** Takes the next step that a check offers. */
  async apply(change: Change, times: number): Promise<void> {
    const added = statementOf(change);
    if (!added) throw new Error(`the matrix at the gateway edits no ${change.document}`);
    const exportRole = translated(this.scaffolded.exportRole, this.names);
    refuseWide(added, [`arn:aws:s3:::${this.bucket}`], exportRole);
    const RoleName = exportRole.split('/').at(-1);
    switch (change.document) {
      case 'permission': {
        const input = {
          RoleName,
          PolicyName: `added-${times}`,
          PolicyDocument: JSON.stringify(extended(undefined, added)),
        };
        await this.world.iam().send(new PutRolePolicyCommand(input));
        break;
      }
      case 'trust': {
        this.trust = extended(this.trust, added);
        const input = { RoleName, PolicyDocument: JSON.stringify(this.trust) };
        await this.world.iam().send(new UpdateAssumeRolePolicyCommand(input));
        break;
      }
      case 'bucket':
        await this.setBucketPolicy(extended(this.bucketPolicy, added));
        break;
      default:
        throw new Error(`the gateway has no ${change.document}`);
    }
  }

  remove(): void {
    rmSync(this.scaffolded.dir, { recursive: true, force: true });
  }

  private get env() {
    return {
      AWS_ENDPOINT_URL: this.world.backend.endpoint,
      AWS_REGION: this.world.backend.region,
      AWS_ACCESS_KEY_ID: this.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.keys.secretAccessKey,
      AWS_SESSION_TOKEN: this.keys.sessionToken,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
  }

  private async setBucketPolicy(document: PolicyDocument): Promise<void> {
    this.bucketPolicy = document;
    const input = { Bucket: this.bucket, Policy: JSON.stringify(document) };
    await this.world.s3().send(new PutBucketPolicyCommand(input));
  }

  private translate<T>(value: T): T {
    return JSON.parse(translated(JSON.stringify(value), this.names)) as T;
  }
}

function translated(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce((all, [from, to]) => all.replaceAll(from, to), text);
}
