import { afterEach, describe, expect, it } from 'vitest';
import { CAUSES, type Cause } from '../../../src/core/diagnosis/cause';
import { diagnoseLog } from '../../../src/core/diagnosis/log/diagnose-log';
import type { VerifyReport } from '../../../src/jobs/verify';
import { applyChange } from './matrix/apply-change';
import type { Fault, RunningWorld } from './matrix/fault';
import { NETWORK_FAULTS, servers } from './matrix/network-faults';
import { PERMISSION_FAULTS } from './matrix/permission-faults';
import { SETTING_FAULTS } from './matrix/setting-faults';
import { TRUST_FAULTS } from './matrix/trust-faults';
import { BUCKET, startWorld } from './world';

let world: RunningWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
  for (const server of servers.splice(0)) server.close();
});

const FAULTS = {
  permissions: PERMISSION_FAULTS,
  trust: TRUST_FAULTS,
  settings: SETTING_FAULTS,
  network: NETWORK_FAULTS,
};

/** What only Airflow can meet: verify has no connection of Airflow's to miss. */
const ONLY_IN_LOGS: readonly Cause[] = ['connection-missing'];

/** Takes the steps that the checks offer, until none fails. */
async function cure(here: RunningWorld, { run, fails, status = 'fail' }: Fault, first: VerifyReport) {
  const reports = [first];
  let report = first;
  for (let times = 1; times <= 5; times++) {
    const bad = report.checks.filter(check => check.status === status && check.change !== undefined);
    const check = bad.find(({ id }) => id === fails) ?? bad[0];
    if (!check?.change) break;
    await applyChange(here, check.change, times);
    report = await here.report(run?.(here));
    reports.push(report);
  }
  return reports;
}

describe.each(Object.entries(FAULTS))('%s', (_, faults) => {
  it.each(faults)('$name', async fault => {
    const here = await startWorld(fault.world ?? 'assume-role', fault.edits);
    world = here;
    if (fault.bucketPolicy) await here.sandbox.s3.setBucketPolicy(BUCKET, fault.bucketPolicy);
    await fault.breaks?.(here);
    const report = await here.report(fault.run?.(here));
    const check = report.checks.find(({ id }) => id === fault.fails);
    const { status = 'fail' } = fault;
    expect(check).toMatchObject({ status });
    expect(check?.causes[0]).toBe(fault.cause);
    expect(check?.nextStep).toMatch(fault.nextStep);
    expect(report).toMatchObject({ ok: status !== 'fail', proven: false });
    if (fault.cure === 'person') {
      expect(check?.change).toBeUndefined();
      return;
    }
    const reports = await cure(here, fault, report);
    const cured = reports.at(-1)!;
    expect(cured.checks.filter(one => one.status === 'fail')).toEqual([]);
    expect(cured.checks.find(({ id }) => id === fault.fails)?.status).toBe('pass');
    // Without the right to delete, a probe stays, and is named; nothing else may be there.
    const named = reports.flatMap(({ checks }) => checks.map(({ message }) => message)).join('\n');
    for (const key of here.sandbox.s3.listKeys(BUCKET)) {
      expect(key).toMatch(/^logs\/\.astro-log-export\//);
      expect(named).toContain(`left behind: s3://${BUCKET}/${key}`);
    }
  });
});

it('meets every cause', () => {
  const met = new Set<Cause>(Object.values(FAULTS).flatMap(faults => faults.map(({ cause }) => cause)));
  const inLog =
    "[2026-11-23T07:14:58.343+0000] {base_aws.py:600} WARNING - Unable to find AWS Connection ID 'x', switching to empty.";
  for (const cause of diagnoseLog(inLog).flatMap(match => match.causes)) met.add(cause);
  expect(CAUSES.filter(cause => !met.has(cause))).toEqual([]);
  expect(ONLY_IN_LOGS.filter(cause => !met.has(cause))).toEqual([]);
  expect(Object.values(FAULTS).flat().length).toBeGreaterThanOrEqual(40);
});

it('says what a bucket with versions keeps of the probe', async () => {
  world = await startWorld('assume-role');
  await world.sandbox.s3.changeBucket(BUCKET, { versioning: 'Enabled' });
  const run = await world.verify();
  expect(run).toMatchObject({ ok: true, proven: true });
  expect(run.check('delete').message).toMatch(/noncurrent .*logs\/\.astro-log-export\//);
});
