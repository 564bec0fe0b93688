import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CHECK_IDS, type CheckId } from '../../../src/core/check';
import { CAUSES, type Cause } from '../../../src/core/diagnosis/cause';
import { BUCKET, DEPLOYMENT_ROLE, type Edits, EXPORT_ROLE, runCli, startWorld, type World } from './world';

let world: Awaited<ReturnType<typeof startWorld>> | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const start = async (mode: World, edits?: Edits) => {
  world = await startWorld(mode, edits);
  return world;
};

/** Everything that lies in the bucket, past all policies. */
const keysOf = ({ sandbox }: Awaited<ReturnType<typeof startWorld>>) => sandbox.s3.listKeys(BUCKET);

const without = (action: string) => (text: string) =>
  text.replace(new RegExp(`"${action}",?\\s*|,\\s*"${action}"(?=\\s*\\])`), '');

describe.each(['workload-identity', 'assume-role'] as const)('verify in %s', mode => {
  const role = mode === 'assume-role' ? EXPORT_ROLE : DEPLOYMENT_ROLE;
  const proof = mode === 'assume-role' ? [] : ['--deployment-role', DEPLOYMENT_ROLE];

  it('proves what scaffold wrote, as the Deployment, and leaves nothing behind', async () => {
    const here = await start(mode);
    const { code, ok, proven, identity, checks, stdout } = await here.verify([...proof, '--require-proof']);
    expect({ code, ok, proven }).toEqual({ code: 0, ok: true, proven: true });
    expect(Object.keys(JSON.parse(stdout))).toEqual(['ok', 'proven', 'identity', 'checks']);
    expect(identity).toMatch(/^arn:aws:sts::111122223333:assumed-role\/astro-deployment-role\//);
    expect(checks.map(({ id }) => id)).toEqual(CHECK_IDS);
    for (const check of checks) {
      // The Deployment's role may not read the settings of the bucket.
      const isSkipped = (mode === 'workload-identity' && check.id === 'assume-role') || check.id === 'bucket-settings';
      expect(check).toMatchObject({ status: isSkipped ? 'skip' : 'pass', causes: [], nextStep: null });
      expect(Object.keys(check)).toEqual(['id', 'status', 'proof', 'as', 'message', 'causes', 'nextStep']);
    }
    const put = checks.find(({ id }) => id === 'put');
    expect(put?.proof).toBe('replayed');
    expect(put?.as).toContain(`assumed-role/${role.split('/').at(-1)}/`);
    expect(keysOf(here)).toEqual([]);
  });

  it.each<[string, CheckId, Cause, readonly CheckId[]]>([
    ['s3:PutObject', 'put', 'missing-put-object', ['put']],
    ['s3:ListBucket', 'head', 'missing-list-bucket', ['head', 'list']],
    ['s3:GetObject', 'get', 'missing-get-object', ['head', 'get', 'append']],
  ])('names the missing %s', async (action, id, cause, failing) => {
    const here = await start(mode, { policy: without(action) });
    const run = await here.verify(proof);
    expect(run).toMatchObject({ code: 1, ok: false, proven: false });
    expect(run.checks.filter(({ status }) => status === 'fail').map(check => check.id)).toEqual(failing);
    const check = run.check(id);
    expect(check.causes[0]).toBe(cause);
    expect(check.nextStep).toContain(
      `Add ${action} on arn:aws:s3:::${BUCKET}${action === 's3:ListBucket' ? ' ' : '/logs/* '}`,
    );
    expect(check.nextStep).toContain(`role ${role.split('/').at(-1)} (secondary-logs-policy.json)`);
    for (const failed of run.checks.filter(({ status }) => status === 'fail')) expect(failed.causes[0]).toBe(cause);
    expect(keysOf(here)).toEqual([]);
  });

  it('names the missing s3:DeleteObject, which the documented policy has, and what it leaves behind', async () => {
    const here = await start(mode, { policy: without('s3:DeleteObject') });
    const run = await here.verify(proof);
    expect(run).toMatchObject({ code: 1, ok: false, proven: false });
    const check = run.check('delete');
    expect(check).toMatchObject({ status: 'fail', causes: ['missing-delete-object'] });
    const keys = keysOf(here);
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^logs\/\.astro-log-export\//);
    expect(check.message).toContain(`s3://${BUCKET}/${keys[0]}`);
  });

  it('says that the bucket does not exist', async () => {
    const here = await start(mode, { env: text => text.replace(BUCKET, 'acme-airflow-lugs') });
    const run = await here.verify(proof);
    expect(run.code).toBe(1);
    for (const id of ['bucket-region', 'head', 'put', 'list'] as const) {
      expect(run.check(id)).toMatchObject({ status: 'fail', causes: ['no-such-bucket'] });
    }
    expect(run.check('put').nextStep).toContain('acme-airflow-lugs');
  });

  it('names the right region', async () => {
    const here = await start(mode, { env: text => text.replace('REGION=us-east-1', 'REGION=eu-west-1') });
    const run = await here.verify(proof);
    expect(run).toMatchObject({ code: 1, ok: false });
    for (const id of ['bucket-region', 'put'] as const) {
      expect(run.check(id)).toMatchObject({ status: 'fail', causes: ['wrong-region'] });
      expect(run.check(id).nextStep).toContain('REGION=us-east-1');
    }
  });

  it('writes nothing with --no-write, says so, and proves nothing', async () => {
    const here = await start(mode);
    const run = await here.verify([...proof, '--no-write']);
    expect(run).toMatchObject({ code: 0, ok: true, proven: false });
    for (const id of ['put', 'append', 'delete'] as const) {
      expect(run.check(id)).toMatchObject({ status: 'skip', proof: null, as: null });
      expect(run.check(id).message).toContain('--no-write');
    }
    for (const id of ['head', 'get', 'list'] as const) expect(run.check(id).status).toBe('pass');
    expect((await here.verify([...proof, '--no-write', '--require-proof'])).code).toBe(1);
  });

  it.each<[string, (text: string) => string, Cause]>([
    ['is switched off', text => text.replace('ENABLED=true', 'ENABLED=false'), 'export-disabled'],
    ['is not set', text => text.replace(/.*ENABLED=true\n/, ''), 'export-disabled'],
    ['is no boolean', text => text.replace('ENABLED=true', 'ENABLED=yes'), 'bad-settings'],
  ])('fails where the switch %s, and checks the rest', async (_, env, cause) => {
    const here = await start(mode, { env });
    const run = await here.verify(proof);
    expect(run).toMatchObject({ code: 1, ok: false, proven: false });
    expect(run.check('settings')).toMatchObject({ status: 'fail', proof: 'read', causes: [cause] });
    expect(run.check('list').status).toBe('pass');
  });
});

describe('who it ran as', () => {
  it('works as you, not proven for the Deployment, where nobody says who that is', async () => {
    const here = await start('workload-identity');
    expect(await here.verify()).toMatchObject({ code: 0, ok: true, proven: false });
    expect((await here.verify(['--require-proof'])).code).toBe(1);
    const { stdout } = await runCli(['verify'], here.dir, here.env);
    expect(stdout).toContain('Works as you, not proven for the Deployment');
    expect(stdout).toContain('--deployment-role');
    expect(stdout).toMatch(/^Sandbox at http:/);
    expect(stdout).toMatch(/^✓ pass {2}put /m);
  });

  it.each([
    ['arn:aws:iam::999999999999:role/astro-deployment-role', false],
    ['arn:aws:iam::111122223333:role/another', false],
    ['arn:aws:iam::111122223333:role/with/a/path/astro-deployment-role', true],
  ])('--deployment-role %s: proven %s', async (arn, proven) => {
    const here = await start('workload-identity');
    expect(await here.verify(['--deployment-role', arn])).toMatchObject({ ok: true, proven });
  });

  it.each(['', 'nobody', 'arn:aws:iam::111122223333:user/me', 'arn:aws:sts::111122223333:assumed-role/a/b'])(
    'refuses --deployment-role %j',
    async arn => {
      const here = await start('workload-identity');
      expect(await here.verify([`--deployment-role=${arn}`])).toMatchObject({ code: 2, stdout: '' });
    },
  );

  /** The person who looks after the account of the export's role. */
  const asAdmin = ({ sandbox }: Awaited<ReturnType<typeof startWorld>>) => ({
    AWS_ACCESS_KEY_ID: sandbox.admin.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.admin.secretAccessKey,
    AWS_SESSION_TOKEN: undefined,
  });

  it.each(['workload-identity', 'one-account'] as const)(
    'proves by simulation what it may simulate, in %s',
    async kind => {
      const here = await start(kind);
      const run = await here.verify(
        kind === 'one-account' ? [] : ['--deployment-role', DEPLOYMENT_ROLE],
        asAdmin(here),
      );
      expect(run).toMatchObject({ code: 0, ok: true, proven: true });
      for (const id of ['head', 'put', 'get', 'append', 'list', 'delete'] as const) {
        expect(run.check(id)).toMatchObject({ status: 'pass', proof: 'simulated', as: here.exportRole });
      }
      expect(run.check('deployment').message).toMatch(/VPC endpoints and of KMS keys, and resource control/);
      expect(keysOf(here)).toEqual([]);
    },
  );

  it('reads the trust where the Deployment is of another account, and says that this is not all', async () => {
    const here = await start('assume-role');
    const run = await here.verify([], asAdmin(here));
    expect(run).toMatchObject({ code: 0, ok: true, proven: false });
    expect(run.check('assume-role')).toMatchObject({ status: 'warn', proof: 'read', as: DEPLOYMENT_ROLE });
    expect(run.check('put')).toMatchObject({ status: 'pass', proof: 'simulated', as: EXPORT_ROLE });
    expect(run.check('deployment').message).toContain("up to the policies of Astronomer's account");
    expect((await here.verify(['--require-proof'], asAdmin(here))).code).toBe(1);
  });

  it('does not take a simulation for a proof where a KMS key has a say', async () => {
    const here = await start('workload-identity');
    const keyId = 'arn:aws:kms:us-east-1:111122223333:key/11112222-3333-4444-5555-666677778888';
    await here.sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId } });
    const run = await here.verify(['--deployment-role', DEPLOYMENT_ROLE], asAdmin(here));
    expect(run).toMatchObject({ ok: true, proven: false });
    expect(run.check('deployment').message).toContain(keyId);
  });

  it('proves nothing as somebody else than the Deployment', async () => {
    const here = await start('assume-role');
    const { accessKeyId, secretAccessKey } = here.sandbox.admin;
    const admin = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: undefined,
    };
    expect(await here.verify([], admin)).toMatchObject({ proven: false });
  });
});

describe('the chain to the role', () => {
  it('says that the trust policy names somebody else', async () => {
    const here = await start('assume-role', {
      trust: text => text.replace('role/astro-deployment-role', 'role/astro-other-role'),
    });
    const run = await here.verify();
    expect(run).toMatchObject({ code: 1, ok: false, proven: false });
    const check = run.check('assume-role');
    expect(check.status).toBe('fail');
    expect(check.causes[0]).toBe('trust-denies');
    expect(check.nextStep).toContain(DEPLOYMENT_ROLE);
    expect(check.nextStep).toContain('secondary-logs-trust-policy.json');
    expect(check.as).toContain('assumed-role/astro-deployment-role/');
    expect(run.check('bucket-region').status).toBe('pass');
    for (const id of ['head', 'put', 'get', 'append', 'list', 'delete'] as const) {
      expect(run.check(id).status).toBe('skip');
    }
  });

  it('leaves open what a role that is not there has in common with one that does not trust', async () => {
    const here = await start('assume-role', { env: text => text.replace('astro-task-logs', 'astro-task-lugs') });
    const check = (await here.verify()).check('assume-role');
    expect(check.status).toBe('fail');
    expect(check.causes).toContain('role-not-found');
  });
});

describe('credentials and endpoint', () => {
  it.each<[string, Record<string, string | undefined>, CheckId, Cause]>([
    ['none', { AWS_ACCESS_KEY_ID: undefined, AWS_EC2_METADATA_DISABLED: 'true' }, 'credentials', 'no-credentials'],
    ['an unknown key', { AWS_ACCESS_KEY_ID: 'AKIANOBODY' }, 'identity', 'unknown-access-key'],
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'canary-of-a-secret' }, 'identity', 'bad-signature'],
    ['a forged token', { AWS_SESSION_TOKEN: 'canary-of-a-token' }, 'identity', 'unknown-access-key'],
    ['nothing listens', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'identity', 'endpoint-unreachable'],
    ['no such host', { AWS_ENDPOINT_URL: 'http://nowhere.invalid' }, 'identity', 'endpoint-name'],
    ['http taken for https', {}, 'identity', 'tls-mismatch'],
  ])('%s', async (name, change, id, cause) => {
    const here = await start('assume-role');
    const env = name.startsWith('http')
      ? { AWS_ENDPOINT_URL: here.sandbox.endpoint.replace('http:', 'https:') }
      : change;
    const run = await here.verify([], env);
    expect(run).toMatchObject({ code: 1, ok: false, proven: false });
    expect(run.check(id).status).toBe('fail');
    expect(run.check(id).causes[0]).toBe(cause);
    for (const check of run.checks) for (const one of check.causes) expect(CAUSES).toContain(one);
    const shown = run.stdout + run.stderr;
    const secrets = [here.env.AWS_SECRET_ACCESS_KEY, here.env.AWS_SESSION_TOKEN, 'canary'];
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  it('says that temporary keys have expired', async () => {
    const here = await start('assume-role');
    here.sandbox.faults.add({ effect: { kind: 'error', code: 'ExpiredToken', status: 403 } });
    const run = await here.verify();
    expect(run.check('identity')).toMatchObject({ status: 'fail', causes: ['expired-credentials'] });
  });

  it('cannot run with an endpoint that is no address', async () => {
    const here = await start('assume-role');
    const run = await here.verify([], { AWS_ENDPOINT_URL: 'localhost:4566' });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('AWS_ENDPOINT_URL');
  });
});

describe('the region that the file leaves out', () => {
  it.each([
    ['us-east-1', 'pass', true],
    ['eu-west-1', 'warn', false],
  ])('with %s around it: %s', async (region, status, proven) => {
    const here = await start('assume-role', { answers: [] });
    const run = await here.verify([], { AWS_REGION: region, AWS_DEFAULT_REGION: undefined });
    expect(run).toMatchObject({ code: 0, ok: true, proven });
    expect(run.check('bucket-region').status).toBe(status);
    expect(run.check('put').status).toBe('pass');
  });
});

describe('the env file', () => {
  it.each<[string, (text: string) => string]>([
    ['a look-alike hyphen', text => text.replace('acme-airflow', 'acme\u2011airflow')],
    ['no folder', text => text.replace(/.*S3_BASE_LOG_FOLDER.*\n/, '')],
    ['no s3://', text => text.replace('s3://', '')],
    ['a region that is none', text => text.replace('us-east-1', 'Virginia')],
  ])('fails one check and skips the others: %s', async (_, env) => {
    const here = await start('assume-role', { env });
    const run = await here.verify();
    expect(run).toMatchObject({ code: 1, ok: false, proven: false, identity: null });
    expect(run.check('settings')).toMatchObject({ status: 'fail', causes: ['bad-settings'] });
    expect(run.check('settings').nextStep).not.toBeNull();
    expect(run.checks.slice(1).map(({ status }) => status)).toEqual(Array(CHECK_IDS.length - 1).fill('skip'));
  });

  it('cannot run without a file it can read', async () => {
    const here = await start('workload-identity');
    mkdirSync(path.join(here.dir, 'folder'));
    writeFileSync(path.join(here.dir, 'latin1'), Buffer.from([0x41, 0x3d, 0xe9]));
    for (const file of ['none', 'folder', 'latin1']) {
      const run = await here.verify(['--env', file]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain(file);
    }
  });
});

describe('stopped half way', () => {
  it('takes the probe away', async () => {
    const here = await start('assume-role');
    const controller = new AbortController();
    let puts = 0;
    here.sandbox.faults.add({
      effect: { kind: 'latency', milliseconds: 0 },
      matches: ({ method }) => {
        if (method === 'PUT' && ++puts === 2) controller.abort();
        return false;
      },
    });
    expect((await here.verify([], {}, controller.signal)).code).toBe(2);
    expect(keysOf(here)).toEqual([]);
  });
});
