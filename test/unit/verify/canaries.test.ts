import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isExportError } from '../../../src/core/export-error';
import { airflow2 } from '../diagnosis/log-forms';
import type { Fault, RunningWorld } from './matrix/fault';
import { NETWORK_FAULTS, servers } from './matrix/network-faults';
import { PERMISSION_FAULTS } from './matrix/permission-faults';
import { SETTING_FAULTS } from './matrix/setting-faults';
import { TRUST_FAULTS } from './matrix/trust-faults';
import { runCli, startWorld } from './world';

let world: RunningWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
  for (const server of servers.splice(0)) server.close();
});

/** Each begins the same way, so that a part of one is found too. */
const CANARY = 'tweety';
const PRESIGNED = `https://b.s3.amazonaws.com/k?X-Amz-Signature=${CANARY}5&X-Amz-Security-Token=${CANARY}6`;

/** Puts secrets wherever a person has some, and returns those that are really in use. */
function plant({ dir, env }: RunningWorld): string[] {
  env.ASTRO_API_TOKEN = `${CANARY}1`;
  env.AIRFLOW__DATABASE__SQL_ALCHEMY_CONN = `postgresql://airflow:${CANARY}2@db/airflow`;
  const profile = path.join(dir, 'credentials');
  writeFileSync(profile, `[default]\naws_access_key_id = AKIACANARY\naws_secret_access_key = ${CANARY}3\n`);
  env.AWS_SHARED_CREDENTIALS_FILE = profile;
  const db = `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql://airflow:${CANARY}4@db/airflow`;
  appendFileSync(path.join(dir, '.env'), `\n${db}\nREPORT_URL="${PRESIGNED}"\nAWS_SECRET_ACCESS_KEY=${CANARY}7\n`);
  return [env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN].filter(secret => secret !== undefined);
}

function expectNoSecret(text: string, inUse: readonly string[]): void {
  expect(text).not.toContain(CANARY);
  for (const secret of inUse) expect(text).not.toContain(secret);
}

/** Everything that an error holds, however deep. */
function everything(error: unknown, seen = new Set<unknown>()): string {
  if (typeof error !== 'object' || error === null || seen.has(error)) return String(error);
  seen.add(error);
  return Reflect.ownKeys(error)
    .map(key => `${String(key)}=${everything((error as Record<PropertyKey, unknown>)[key], seen)}`)
    .join('\n');
}

async function shown(here: RunningWorld, fault?: Fault): Promise<string> {
  const { env = {}, ...input } = fault?.run?.(here) ?? {};
  const change = { ...env, ...input } as Record<string, string | undefined>;
  const json = await runCli(['verify', '--format', 'json'], here.dir, { ...here.env, ...env });
  const text = await runCli(['verify'], here.dir, { ...here.env, ...env });
  const report = await here.report(fault?.run?.(here)).catch(everything);
  return [json.stdout, json.stderr, text.stdout, text.stderr, JSON.stringify(report), Object.keys(change)].join('\n');
}

it('shows no secret where everything works', async () => {
  world = await startWorld('assume-role');
  const inUse = plant(world);
  const text = await shown(world);
  expect(text).toContain('"proven":true');
  expectNoSecret(text, inUse);
});

describe('shows no secret on a fault', () => {
  // One of each kind, and all of the network, where keys are nearest; the forged keys there are canaries of their own.
  const faults = [...NETWORK_FAULTS, ...TRUST_FAULTS.slice(0, 3), SETTING_FAULTS[0]!, ...PERMISSION_FAULTS.slice(0, 2)];
  // Slow ones show what others of their kind show.
  const slow = /does not come|does not arrive|slow down|connections that end|break off/;
  it.each(faults.filter(({ name }) => !slow.test(name)))('$name', async fault => {
    const here = await startWorld(fault.world ?? 'assume-role', fault.edits);
    world = here;
    const inUse = plant(here);
    await fault.breaks?.(here);
    const text = await shown(here, fault);
    expect(text).toContain('"ok":');
    expectNoSecret(text, inUse);
    expect(text).not.toContain('canary');
  });
});

describe('shows no secret on a crash', () => {
  it.each<[string, Record<string, string>]>([
    ['a token that no header can hold', { AWS_SESSION_TOKEN: `${CANARY}\n8` }],
    ['a secret that is broken in two', { AWS_SECRET_ACCESS_KEY: `${CANARY}\r\n9` }],
    ['an address with a password', { AWS_ENDPOINT_URL: `http://user:${CANARY}10@127.0.0.1:9` }],
    ['an address that is none', { AWS_ENDPOINT_URL: `${CANARY} 11` }],
  ])('%s', async (_, change) => {
    world = await startWorld('assume-role');
    const inUse = plant(world);
    let text = '';
    for (const args of [['verify', '--format', 'json'], ['verify'], ['ls'], ['cat', 'logs/x']]) {
      const run = await runCli(args, world.dir, { ...world.env, ...change }).catch(error => ({
        stdout: '',
        stderr: everything(error),
      }));
      text += run.stdout + run.stderr;
    }
    expect(text).not.toBe('');
    expectNoSecret(text, inUse);
  });

  it('an error holds no key in any of its parts', async () => {
    world = await startWorld('assume-role');
    const inUse = plant(world);
    const { openSession } = await import('../../../src/aws/open-session');
    const { loadExport } = await import('../../../src/jobs/load-export');
    const { target } = await loadExport(path.join(world.dir, '.env'));
    world.sandbox.faults.add({ effect: { kind: 'error', code: 'SignatureDoesNotMatch', status: 403 } });
    const session = await openSession({ target, env: world.env });
    for (const ask of [
      () => session.callerIdentity(),
      () => session.assumeRole(),
      () => session.bucket.head('x'),
      () => session.iam.readRole('x'),
      () => session.iam.readBucketPolicy('x'),
    ]) {
      const error: unknown = await ask().then(
        () => undefined,
        reason => reason,
      );
      expect(isExportError(error)).toBe(true);
      expectNoSecret(everything(error), inUse);
    }
    session.close();
  });
});

it('shows no secret of a log that it reads', async () => {
  world = await startWorld('assume-role');
  plant(world);
  const error = `botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "${PRESIGNED}"`;
  writeFileSync(path.join(world.dir, 'worker.log'), airflow2('Could not verify previous log to append', error));
  const json = await runCli(['diagnose', 'worker.log', '--format', 'json'], world.dir, world.env);
  const text = await runCli(['diagnose', 'worker.log'], world.dir, world.env);
  expect(json.code).toBe(1);
  expectNoSecret(json.stdout + json.stderr + text.stdout + text.stderr, []);
});
