import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../verify/world';
import { airflow2 } from './log-forms';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'diagnose-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, text: string | Buffer) => writeFileSync(path.join(dir, name), text);
const denied = airflow2(
  'Could not verify previous log to append',
  'botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden',
);

describe('diagnose', () => {
  it('counts lines from one, and exits 1', async () => {
    write('worker.log', `a line\n${denied}`);
    const { code, stdout, stderr } = await runCli(['diagnose', 'worker.log', '--format', 'json'], dir, {});
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const { matches } = JSON.parse(stdout);
    expect(matches).toHaveLength(1);
    expect(Object.keys(matches[0])).toEqual(['line', 'symptom', 'causes', 'fix']);
    expect(matches[0]).toMatchObject({ line: 2, symptom: expect.stringContaining('HeadObject operation: Forbidden') });
  });

  it('exits 0 where it finds nothing', async () => {
    write('worker.log', 'all is well\n');
    expect(await runCli(['diagnose', 'worker.log', '--format', 'json'], dir, {})).toEqual({
      code: 0,
      stdout: '{"matches":[]}\n',
      stderr: '',
    });
    expect((await runCli(['diagnose', 'worker.log'], dir, {})).stdout).toContain('No failed upload');
  });

  it('prints the same failure once, with its lines', async () => {
    write('worker.log', denied.repeat(7));
    const { code, stdout } = await runCli(['diagnose', 'worker.log'], dir, {});
    expect(code).toBe(1);
    expect(stdout).toMatch(/^line 1, 7, 13, 19, 25, … \(7\): Could not verify/);
    expect(stdout.match(/next: /g)).toHaveLength(1);
  });

  it('takes the bucket and the role from the env file beside it, and does without one', async () => {
    write('worker.log', denied);
    expect((await runCli(['diagnose', 'worker.log'], dir, {})).stdout).toContain("the Deployment's role");
    const role = 'arn:aws:iam::123456789012:role/astro-logs';
    const prefix = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';
    const env = `${prefix}S3_BUCKET_ENABLED=true\n${prefix}S3_BASE_LOG_FOLDER=s3://acme/x\n${prefix}ROLE_ARN=${role}\n`;
    write('prod.env', env);
    const { stdout } = await runCli(['diagnose', 'worker.log', '--env', 'prod.env'], dir, {});
    expect(stdout).toContain('arn:aws:s3:::acme to the permission policy of role astro-logs');
  });

  it.each([
    [['diagnose']],
    [['diagnose', 'a', 'b']],
    [['diagnose', 'nowhere.log']],
    [['diagnose', '.']],
    [['diagnose', 'latin1']],
    [['diagnose', 'ok', '--env', 'nowhere.env']],
  ])('cannot run: %j', async args => {
    write('latin1', Buffer.from([0x61, 0xe9, 0x0a]));
    write('ok', 'x');
    const { code, stdout, stderr } = await runCli(args, dir, {});
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });
});
