import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { VerifyReport } from '../../../src/jobs/verify';
import { asTheDeployment, type Fault } from '../../unit/verify/matrix/fault';
import { PERMISSION_FAULTS } from '../../unit/verify/matrix/permission-faults';
import { TRUST_FAULTS } from '../../unit/verify/matrix/trust-faults';
import { World } from '../conformance/world';
import { gateway } from './gateway';
import { FaultAtGateway } from './matrix-world';

const world = new World(gateway());
afterAll(() => world.close());

let here: FaultAtGateway | undefined;
afterEach(() => {
  here?.remove();
  here = undefined;
});

/** What the gateway shows otherwise than AWS, and so than the sandbox. */
type Difference =
  /** Its denials give no reason, so that the cause is among several. */
  | 'no-reason'
  /** It can't say who asks, so that nobody can be named in a trust policy. */
  | 'no-caller'
  /** It takes no account of this condition, and nothing is broken. */
  | 'no-condition';

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'an s3:prefix condition that matches the folder alone': 'no-reason',
  'a Deny in the role’s own policy': 'no-reason',
  'a Deny in the bucket policy': 'no-reason',
  'a bucket policy that lets in one VPC endpoint alone': 'no-condition',
  'a bucket policy that wants a header for encryption': 'no-condition',
  'a trust that names another role': 'no-caller',
  'a trust that names another account': 'no-caller',
  'a trust that names a service': 'no-caller',
  'a trust for another way in': 'no-caller',
  'a trust that wants an ExternalId': 'no-caller',
  'a Deny in the trust': 'no-caller',
};

/** What documents alone break, seen by the Deployment: the gateway has no simulation, and no errors on demand. */
const isHere = ({ breaks, run }: Fault) => breaks === undefined && (run === undefined || run === asTheDeployment);

const failing = ({ checks }: VerifyReport) => checks.filter(({ status }) => status === 'fail');

/** Takes the steps that the checks offer, until none fails. */
async function cure(at: FaultAtGateway, { fails }: Fault, first: VerifyReport): Promise<VerifyReport> {
  let report = first;
  for (let times = 1; times <= 5; times++) {
    const bad = failing(report).filter(({ change }) => change !== undefined);
    const { change } = bad.find(({ id }) => id === fails) ?? bad[0] ?? {};
    if (!change) break;
    await at.apply(change, times);
    report = await at.report();
  }
  return report;
}

function expectCause(report: VerifyReport, { fails, cause }: Fault, difference: Difference | undefined): void {
  const check = report.checks.find(({ id }) => id === fails);
  expect(report).toMatchObject({ ok: false, proven: false });
  expect(check).toMatchObject({ status: 'fail' });
  if (difference === 'no-reason') expect(check?.causes).toContain(cause);
  else expect(check?.causes[0]).toBe(cause);
}

describe.each(Object.entries({ permissions: PERMISSION_FAULTS, trust: TRUST_FAULTS }))('%s', (_, faults) => {
  it.each(faults.filter(isHere))('$name', async fault => {
    here = await FaultAtGateway.make(world, fault);
    const report = await here.report();
    const difference = DIFFERENCES[fault.name];
    if (difference === 'no-condition') {
      expect(failing(report)).toEqual([]);
      return;
    }
    expectCause(report, fault, difference);
    const check = report.checks.find(({ id }) => id === fault.fails);
    if (difference === 'no-caller') {
      expect(check?.nextStep).toMatch(/^Name the caller as Principal with sts:AssumeRole in the trust policy of role /);
      expect(check?.change).toBeUndefined();
      if (fault.cure === 'person') return;
      await here.apply(here.naming, 1);
      expect(failing(await here.report())).toEqual([]);
      return;
    }
    if (difference === 'no-reason') return;
    expect(check?.nextStep).toMatch(here.nextStep);
    expect(fault.cure).toBe('offered');
    expect(failing(await cure(here, fault, report))).toEqual([]);
  });
});

it('meets every difference that is stated', () => {
  const met = [...PERMISSION_FAULTS, ...TRUST_FAULTS].filter(isHere).map(({ name }) => name);
  expect(Object.keys(DIFFERENCES).filter(name => !met.includes(name))).toEqual([]);
  expect(met.length).toBeGreaterThan(25);
});
