import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hostOf, proxyFor, proxyVariable } from '../../../src/aws/endpoint';
import { runCli, startWorld } from '../verify/world';

const FIXTURES = path.join(__dirname, '../verify/fixtures');
const pem = (name: string) => readFileSync(path.join(FIXTURES, `${name}.pem`));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function listen<S extends http.Server | https.Server>(server: S): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', socket => sockets.add(socket));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function openWorld() {
  const world = await startWorld('assume-role');
  closing.push(() => world.stop());
  return world;
}

interface ProxyRules {
  /** The status of every answer, in place of passing anything on. */
  readonly refuses?: number;
  /** The login it wants, `user:password`. */
  readonly login?: string;
  /** Where tunnels lead, whatever host they are asked for: a port on loopback. */
  readonly leadsTo?: number;
}

/** A proxy, and the requests that it saw. */
async function startProxy({ refuses, login, leadsTo }: ProxyRules = {}) {
  const seen: string[] = [];
  const isWelcome = ({ headers }: http.IncomingMessage) =>
    login === undefined || headers['proxy-authorization'] === `Basic ${Buffer.from(login).toString('base64')}`;
  const server = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const status = refuses ?? (isWelcome(request) ? undefined : 407);
    if (status !== undefined) return void response.writeHead(status).end();
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = request.headers;
    const onwards = http.request(request.url ?? '', { method: request.method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    request.pipe(onwards);
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    socket.on('error', () => undefined);
    const status = refuses ?? (isWelcome(request) ? undefined : 407);
    if (status !== undefined || leadsTo === undefined) return void socket.end(`HTTP/1.1 ${status ?? 502} No\r\n\r\n`);
    const tunnel = net.connect(leadsTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
  });
  return { seen, address: `127.0.0.1:${await listen(server)}` };
}

/** A server with TLS, by the name `elsewhere.example`, in front of a sandbox. */
async function startTlsFront(endpoint: string): Promise<number> {
  return listen(
    https.createServer({ key: pem('elsewhere-key'), cert: pem('elsewhere-cert') }, (request, response) => {
      const { method, url, headers } = request;
      const onwards = http.request(new URL(url ?? '', endpoint), { method, headers }, answer => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onwards);
    }),
  );
}

describe('the command line, where there is a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('sends everything through the one that %s names', async name => {
    const world = await openWorld();
    const proxy = await startProxy();
    const run = await world.verify(['--require-proof'], { [name]: `http://${proxy.address}` });
    expect(run.checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(run).toMatchObject({ code: 0, proven: true });
    const all = proxy.seen.join('\n');
    expect(proxy.seen.every(line => line.includes(` ${world.sandbox.endpoint}/`))).toBe(true);
    // The SDK's requests to STS, and those of the small client to S3.
    expect(all).toContain(`POST ${world.sandbox.endpoint}/`);
    expect(all).toMatch(/^PUT \S+\/acme-airflow-logs\/logs\/\.astro-log-export\//m);
  });

  it.each(['HTTPS_PROXY', 'https_proxy'])('asks the one that %s names for a tunnel, and for the name', async name => {
    const world = await openWorld();
    const proxy = await startProxy({ leadsTo: await startTlsFront(world.sandbox.endpoint) });
    const run = await world.verify(['--require-proof'], {
      AWS_ENDPOINT_URL: 'https://elsewhere.example',
      AWS_CA_BUNDLE: path.join(FIXTURES, 'elsewhere-cert.pem'),
      [name]: proxy.address,
    });
    expect(run.checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(run).toMatchObject({ code: 0, proven: true });
    expect(new Set(proxy.seen)).toEqual(new Set(['CONNECT elsewhere.example:443']));
  });

  it('goes past it to what NO_PROXY names', async () => {
    const world = await openWorld();
    const proxy = await startProxy({ refuses: 500 });
    for (const except of [{ NO_PROXY: '127.0.0.1' }, { no_proxy: 'localhost, 127.0.0.1' }, { NO_PROXY: '*' }]) {
      const run = await world.verify([], { HTTP_PROXY: `http://${proxy.address}`, ...except });
      expect(run).toMatchObject({ code: 0, ok: true });
    }
    expect(proxy.seen).toEqual([]);
  });

  it('gives the login that stands in the address, and shows it to nobody', async () => {
    const world = await openWorld();
    const proxy = await startProxy({ login: 'me:tweety' });
    const env = { ...world.env, HTTP_PROXY: `http://me:tweety@${proxy.address}` };
    const run = await runCli(['verify'], world.dir, env);
    expect(run.code).toBe(0);
    const refused = await runCli(['verify'], world.dir, { ...env, HTTP_PROXY: `http://me:tweety2@${proxy.address}` });
    expect(refused.code).toBe(1);
    expect(run.stdout + run.stderr + refused.stdout + refused.stderr).not.toContain('tweety');
  });

  it.each<[string, string, number, Record<string, string>, RegExp]>([
    ['http', 'HTTP_PROXY', 407, {}, /Give HTTP_PROXY the login/],
    ['https', 'HTTPS_PROXY', 407, { AWS_ENDPOINT_URL: 'https://elsewhere.example' }, /Give HTTPS_PROXY the login/],
    ['https', 'HTTPS_PROXY', 403, { AWS_ENDPOINT_URL: 'https://elsewhere.example' }, /Correct HTTPS_PROXY/],
  ])('blames one that refuses %s: %s, %i', async (_, name, refuses, change, nextStep) => {
    const world = await openWorld();
    const proxy = await startProxy({ refuses });
    const run = await world.verify([], { ...change, [name]: `http://${proxy.address}` });
    expect(run).toMatchObject({ code: 1, ok: false });
    expect(run.check('identity')).toMatchObject({ status: 'fail', causes: ['proxy'] });
    expect(run.check('identity').nextStep).toMatch(nextStep);
    expect(run.check('bucket-region')).toMatchObject({ status: 'fail', causes: ['proxy'] });
    const listed = await runCli(['ls'], world.dir, { ...world.env, ...change, [name]: `http://${proxy.address}` });
    expect(listed.code).toBe(2);
    expect(listed.stderr).toMatch(nextStep);
  });

  it('passes it too where a profile takes its keys from a role', async () => {
    const world = await openWorld();
    const proxy = await startProxy({ refuses: 407 });
    const config = path.join(world.dir, 'config');
    const keys = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = not-a-secret\n';
    const role = 'role_arn = arn:aws:iam::123456789012:role/ci\nsource_profile = base\nregion = eu-west-1\n';
    writeFileSync(config, `[profile base]\n${keys}[profile ci]\n${role}`);
    const env = { AWS_CONFIG_FILE: config, AWS_PROFILE: 'ci', HTTPS_PROXY: `http://${proxy.address}` };
    const run = await runCli(['verify'], world.dir, env);
    expect(run.code).toBe(1);
    expect(new Set(proxy.seen)).toEqual(new Set(['CONNECT sts.eu-west-1.amazonaws.com:443']));
  });

  it.each([
    ['where nobody listens', '127.0.0.1:9', /Correct HTTP_PROXY/],
    ['that is none', 'socks5://me:tweety@127.0.0.1:1080', /Set HTTP_PROXY to http/],
  ])('blames one %s', async (_, address, nextStep) => {
    const world = await openWorld();
    const run = await world.verify([], { HTTP_PROXY: address });
    expect(run.check('identity')).toMatchObject({ status: 'fail', causes: ['proxy'] });
    expect(run.check('identity').nextStep).toMatch(nextStep);
    expect(run.stdout + run.stderr).not.toContain('tweety');
  });
});

describe('the proxy for a host', () => {
  const env = { HTTPS_PROXY: 'http://proxy:3128' };
  const isPassed = (NO_PROXY: string, endpoint?: string) =>
    proxyVariable({ ...env, NO_PROXY }, hostOf(endpoint)) === undefined;

  it.each([
    ['amazonaws.com', true],
    ['.amazonaws.com', true],
    ['*.amazonaws.com', true],
    ['AMAZONAWS.COM', true],
    ['zonaws.com', false],
    ['amazonaws.com:443', true],
    ['amazonaws.com:8443', false],
    ['localhost, *', true],
    ['', false],
    [',', false],
  ])('NO_PROXY=%s excepts AWS: %s', (value, expected) => {
    expect(isPassed(value)).toBe(expected);
  });

  it.each(['::1', '[::1]', '[::1]:9000'])('NO_PROXY=%s excepts an IPv6 address', value => {
    expect(isPassed(value, 'https://[::1]:9000')).toBe(true);
    expect(isPassed(value, 'https://[::2]:9000')).toBe(false);
  });

  it('is that of its protocol, with or without one of its own', () => {
    expect(proxyFor(env, hostOf('http://minio:9000'))).toBeUndefined();
    expect(proxyFor({ HTTPS_PROXY: 'proxy:3128' }, hostOf(undefined))).toBe('http://proxy:3128');
    expect(() => proxyFor({ HTTPS_PROXY: 'socks5://x' }, hostOf(undefined))).toThrow(/HTTPS_PROXY/);
  });
});
