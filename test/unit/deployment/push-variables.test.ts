import { afterEach, describe, expect, it } from 'vitest';
import { AstroCli } from '../../../src/astro/astro-cli';
import { planPush } from '../../../src/core/deployment/push-plan';
import { EXPORT_KEYS, type ExportSettings } from '../../../src/core/export-settings';
import { type PushPlace, pushVariables, readVariables } from '../../../src/jobs/push-variables';
import { DEPLOYMENT_ID, IDENTITY, StandIn } from './stand-in';

const SETTINGS: ExportSettings = {
  enabled: 'true',
  baseLogFolder: 's3://my-bucket/logs',
  roleArn: 'arn:aws:iam::123456789012:role/SecondaryS3LoggerRole',
};
const DEPLOYMENT: PushPlace = { kind: 'deployment', deploymentId: DEPLOYMENT_ID };

let standIn: StandIn;
afterEach(() => standIn?.remove());

async function push(settings: ExportSettings, place: PushPlace = DEPLOYMENT) {
  const plan = planPush(settings, await readVariables(standIn.cli, place));
  await pushVariables({ cli: standIn.cli, place, plan });
  return plan;
}

const updates = () => standIn.state.calls.filter(args => args.includes('update'));

describe('pushing to a Deployment', () => {
  it('sets all variables in one call, and leaves every other one as it is', async () => {
    const others = [
      { key: 'DB_PASSWORD', value: 'hidden', is_secret: true },
      { key: 'COLOUR', value: 'a=b', is_secret: false },
    ];
    standIn = new StandIn({ variables: others });
    const plan = await push(SETTINGS);
    expect(plan.set.map(each => each.key)).toEqual([
      EXPORT_KEYS.enabled,
      EXPORT_KEYS.baseLogFolder,
      EXPORT_KEYS.roleArn,
    ]);
    expect(updates()).toHaveLength(1);
    expect(updates()[0]).not.toContain('--load');
    expect(standIn.state.variables.slice(0, 2)).toEqual(others);
    const { variables } = await standIn.cli.inspect(DEPLOYMENT_ID);
    expect(variables.get(EXPORT_KEYS.baseLogFolder)?.value).toBe('s3://my-bucket/logs');
  });

  it('changes only what differs in meaning, and calls nothing where nothing does', async () => {
    standIn = new StandIn({
      variables: [
        { key: EXPORT_KEYS.enabled, value: 'True' },
        { key: EXPORT_KEYS.baseLogFolder, value: 's3://my-bucket/logs/' },
        { key: EXPORT_KEYS.roleArn, value: SETTINGS.roleArn as string },
        { key: EXPORT_KEYS.region, value: 'eu-west-1' },
      ],
    });
    const plan = await push(SETTINGS);
    expect(plan.set).toEqual([]);
    expect(plan.left).toEqual([EXPORT_KEYS.region]);
    expect(updates()).toEqual([]);
  });

  it('says that an older CLI cut a value at its second equals sign', async () => {
    standIn = new StandIn({ cutsValues: true });
    const settings = { ...SETTINGS, baseLogFolder: 's3://my-bucket/env=prod' };
    await expect(push(settings)).rejects.toMatchObject({
      code: 'cli-failed',
      message: expect.stringContaining(EXPORT_KEYS.baseLogFolder),
      nextStep: expect.stringContaining('Update the Astro CLI'),
    });
  });

  it('takes a secret for set, since its value is never told', async () => {
    standIn = new StandIn({ variables: [{ key: EXPORT_KEYS.enabled, value: 'false', is_secret: true }] });
    const plan = await push(SETTINGS);
    expect(plan.set[0]).toMatchObject({ key: EXPORT_KEYS.enabled, before: null, after: 'true' });
  });

  it('refuses settings that are bad themselves, before anything is called', async () => {
    standIn = new StandIn();
    expect(() => planPush({ ...SETTINGS, region: 'us‑east‑1' }, new Map())).toThrow(/REGION/);
    expect(standIn.state.calls).toEqual([]);
  });
});

describe('pushing to the Workspace', () => {
  it('sets each variable of the environment manager, and creates what is not there', async () => {
    standIn = new StandIn({ workspace: [{ key: EXPORT_KEYS.enabled, value: 'false' }] });
    await push(SETTINGS, { kind: 'workspace', workspaceId: 'w-1' });
    expect(standIn.state.workspace).toMatchObject([
      { key: EXPORT_KEYS.enabled, value: 'true' },
      { key: EXPORT_KEYS.baseLogFolder, value: 's3://my-bucket/logs' },
      { key: EXPORT_KEYS.roleArn, value: SETTINGS.roleArn },
    ]);
    expect(standIn.state.variables).toEqual([]);
  });
});

describe('the Astro CLI', () => {
  it('lists Deployments, blanks in their names included', async () => {
    standIn = new StandIn();
    expect(await standIn.cli.deployments()).toEqual([{ id: DEPLOYMENT_ID, name: 'Orders prod' }]);
  });

  it('tells the workload identity, and does without it in an older version', async () => {
    standIn = new StandIn();
    expect((await standIn.cli.inspect(DEPLOYMENT_ID)).workloadIdentity).toBe(IDENTITY);
    standIn.remove();
    standIn = new StandIn({ hasNoIdentityFlag: true });
    const facts = await standIn.cli.inspect(DEPLOYMENT_ID);
    expect(facts).toMatchObject({ name: 'Orders prod', workspaceId: 'w-1', runtimeVersion: '12.1.0' });
    expect(facts.workloadIdentity).toBeUndefined();
  });

  it('says that nobody is logged in, that there is no CLI, or what it complained of', async () => {
    standIn = new StandIn({ isLoggedOut: true });
    await expect(standIn.cli.deployments()).rejects.toMatchObject({ code: 'cli-logged-out' });
    const missing = new AstroCli({ command: ['no-such-program-as-this'] });
    await expect(missing.deployments()).rejects.toMatchObject({ code: 'cli-missing' });
    standIn.remove();
    standIn = new StandIn();
    await expect(standIn.cli.inspect('another')).rejects.toMatchObject({
      code: 'cli-failed',
      message: '"astro deployment inspect another" failed: the Deployment specified was not found in this Workspace',
    });
  });

  it('repeats no value in what it complains of', async () => {
    standIn = new StandIn();
    const bad = { key: EXPORT_KEYS.enabled, before: undefined, after: '' };
    const failure = await standIn.cli.setDeploymentVariables(DEPLOYMENT_ID, [bad]).catch(error => error);
    expect(failure.message).toContain(`${EXPORT_KEYS.enabled}=***`);
  });

  it('stops when it is told to', async () => {
    standIn = new StandIn();
    await expect(standIn.cli.deployments({ signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    );
  });
});
