import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { main } from '../../../src/cli/main';
import { temporaryFolder } from './running';

/** Runs `sandbox` until `during` is over, which gets the first line of its output. */
async function run(
  args: readonly string[],
  during: (line: string) => Promise<void> = async () => {},
  cwd = process.cwd(),
) {
  const controller = new AbortController();
  let stdout = '';
  let stderr = '';
  let first: (line: string) => void = () => {};
  const line = new Promise<string>(resolve => {
    first = resolve;
  });
  const ended = main(['sandbox', ...args], {
    stdout: async text => {
      stdout += String(text);
      first(String(text).split('\n')[0]!);
    },
    stderr: text => {
      stderr += text;
    },
    env: {},
    cwd,
    signal: controller.signal,
  });
  const started = await Promise.race([line, ended.then(() => undefined)]);
  try {
    if (started !== undefined) await during(started);
  } finally {
    controller.abort();
  }
  return { code: await ended, stdout, stderr };
}

const whoIs = async (endpoint: string, keys: Readonly<Record<string, string>>) => {
  const client = new STSClient({
    endpoint,
    region: 'us-east-1',
    credentials: {
      accessKeyId: keys.AWS_ACCESS_KEY_ID!,
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY!,
      ...(keys.AWS_SESSION_TOKEN !== undefined && { sessionToken: keys.AWS_SESSION_TOKEN }),
    },
  });
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  client.destroy();
  return Arn;
};

it.each([[[]], [['--format', 'json']]])(
  'prints one line of JSON once it answers, and ends with 0: %j',
  async format => {
    let endpoint = '';
    const { code, stdout } = await run(['--port', '0', ...format], async line => {
      const printed = JSON.parse(line);
      endpoint = printed.endpoint;
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(Object.keys(printed)).toEqual(['endpoint', 'env', 'admin']);
      expect(Object.keys(printed.env).sort()).toEqual([
        'AWS_ACCESS_KEY_ID',
        'AWS_ENDPOINT_URL',
        'AWS_REGION',
        'AWS_SECRET_ACCESS_KEY',
        'AWS_SESSION_TOKEN',
      ]);
      expect(Object.keys(printed.admin)).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
      expect(await whoIs(endpoint, printed.env)).toMatch(/:111122223333:assumed-role\/astro-deployment-role\//);
      expect(await whoIs(endpoint, printed.admin)).toMatch(/:user\//);
    });
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 2 });
    await expect(fetch(endpoint)).rejects.toThrow();
  },
);

it('says that a port is taken, and what to do', async () => {
  await run([], async line => {
    const { port } = new URL(JSON.parse(line).endpoint);
    const second = await run(['--port', port]);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toMatch(new RegExp(`Port ${port} .* is taken`));
  });
});

it.each([
  [['--port', 'x'], /--port takes a number/],
  [['--port', '65536'], /--port takes a number/],
  [['--port', ''], /--port takes a number/],
  [['here'], /takes no argument: here/],
  [['--seed-from', 'nowhere'], /nowhere.*does not exist/],
  [['--dir', 'file'], /file/],
])('refuses %j', async (args, message) => {
  const { dir, remove } = temporaryFolder();
  writeFileSync(path.join(dir, 'file'), '');
  const { code, stdout, stderr } = await run(args, undefined, dir);
  remove();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
