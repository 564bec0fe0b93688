import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Cause } from '../../../../src/core/diagnosis/cause';
import { BUCKET } from '../world';
import { errorOf, type Fault, forTheirBucket, type RunningWorld } from './fault';

const FIXTURES = path.join(__dirname, '..', 'fixtures');
const pem = (name: string) => readFileSync(path.join(FIXTURES, `${name}.pem`));

/** Servers that a fault needs beside the sandbox; the test ends them. */
export const servers: { close(): void }[] = [];

/** Somebody who answers with a certificate of this name. */
async function listenWith(name: string, { env }: RunningWorld): Promise<void> {
  const server = createServer({ key: pem(`${name}-key`), cert: pem(`${name}-cert`) }, (_, response) => response.end());
  server.on('tlsClientError', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  env.AWS_ENDPOINT_URL = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const person = (name: string, cause: Cause, nextStep: RegExp, rest: Partial<Fault>): Fault => ({
  name,
  fails: 'identity',
  cause,
  nextStep,
  cure: 'person',
  ...rest,
});

const withEnv = (change: Record<string, string | undefined>): Partial<Fault> => ({ run: () => ({ env: change }) });

export const NETWORK_FAULTS: readonly Fault[] = [
  person('no credentials', 'no-credentials', /AWS_PROFILE/, {
    fails: 'credentials',
    ...withEnv({ AWS_ACCESS_KEY_ID: undefined, AWS_EC2_METADATA_DISABLED: 'true' }),
  }),
  person('an unknown key', 'unknown-access-key', /AWS_ACCESS_KEY_ID/, withEnv({ AWS_ACCESS_KEY_ID: 'AKIANOBODY' })),
  person('a wrong secret', 'bad-signature', /AWS_SECRET_ACCESS_KEY/, withEnv({ AWS_SECRET_ACCESS_KEY: 'canary' })),
  person('a forged token', 'unknown-access-key', /AWS_SESSION_TOKEN/, withEnv({ AWS_SESSION_TOKEN: 'canary' })),
  person('expired keys', 'expired-credentials', /aws sso login/, { breaks: errorOf('sts', 'ExpiredToken', 403) }),
  person('expired keys at the bucket', 'expired-credentials', /new credentials/, {
    fails: 'put',
    breaks: errorOf('s3', 'ExpiredToken', 400, 'The provided token has expired.', 'PUT'),
  }),
  person('a clock that is wrong', 'clock-skew', /clock/, { breaks: errorOf('sts', 'RequestTimeTooSkewed', 403) }),
  person('a clock that is wrong, at the bucket', 'clock-skew', /clock/, {
    fails: 'put',
    breaks: errorOf('s3', 'RequestTimeTooSkewed', 403, undefined, 'PUT'),
  }),
  person('nobody listens', 'endpoint-unreachable', /running/, withEnv({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' })),
  person(
    'a name that does not resolve',
    'endpoint-name',
    /AWS_ENDPOINT_URL/,
    withEnv({ AWS_ENDPOINT_URL: 'http://nowhere.invalid' }),
  ),
  person('a proxy whose name does not resolve', 'proxy', /HTTPS_PROXY/, {
    ...withEnv({ AWS_ENDPOINT_URL: 'https://nowhere.invalid', HTTPS_PROXY: 'http://proxy.invalid:3128' }),
  }),
  person('a proxy that wants a login', 'proxy', /login that the proxy wants/, {
    fails: 'put',
    breaks: errorOf('s3', 'ProxyAuthenticationRequired', 407, undefined, 'PUT'),
  }),
  person('a certificate that nobody trusts', 'tls-untrusted', /AWS_CA_BUNDLE/, {
    breaks: world => listenWith('loopback', world),
  }),
  person('a certificate for another name', 'tls-mismatch', /name that the certificate is for/, {
    breaks: world => listenWith('elsewhere', world),
    run: () => ({ env: { AWS_CA_BUNDLE: path.join(FIXTURES, 'elsewhere-cert.pem') } }),
  }),
  person('http taken for https', 'tls-mismatch', /http or https/, {
    run: ({ sandbox }) => ({ env: { AWS_ENDPOINT_URL: sandbox.endpoint.replace('http:', 'https:') } }),
  }),
  person('an answer that does not come', 'timeout', /network|firewall/, {
    fails: 'list',
    breaks: ({ sandbox }) =>
      sandbox.faults.add({
        effect: { kind: 'latency', milliseconds: 3_000 },
        matches: ({ service, query }) => service === 's3' && query.some(([name]) => name === 'list-type'),
      }),
    run: () => ({ checkTimeout: 1_500 }),
  }),
  person('a body that does not arrive', 'timeout', /firewall/, {
    fails: 'put',
    breaks: errorOf('s3', 'RequestTimeout', 408, undefined, 'PUT'),
  }),
  person('S3 that keeps asking to slow down', 'throttled', /fewer requests/, {
    fails: 'put',
    breaks: errorOf('s3', 'SlowDown', 503, undefined, 'PUT'),
  }),
  person('connections that end', 'endpoint-unreachable', /endpoint/, {
    fails: 'put',
    breaks: ({ sandbox }) =>
      sandbox.faults.add({
        effect: { kind: 'reset' },
        matches: ({ service, method }) => service === 's3' && method === 'PUT',
      }),
  }),
  person('answers that break off', 'endpoint-unreachable', /endpoint/, {
    fails: 'get',
    breaks: ({ sandbox }) =>
      sandbox.faults.add({
        effect: { kind: 'truncate', bytes: 3 },
        matches: ({ service, method, path: key }) =>
          service === 's3' && method === 'GET' && key.includes('.astro-log-export/'),
      }),
  }),
  {
    name: 'a bucket that lies elsewhere than the variables say',
    edits: { policy: forTheirBucket },
    breaks: async ({ sandbox, editEnv }) => {
      await sandbox.s3.createBucket({ name: 'their-bucket', region: 'eu-central-1', ownerAccount: '123456789012' });
      editEnv(text => text.replace(BUCKET, 'their-bucket'));
    },
    fails: 'put',
    cause: 'wrong-region',
    nextStep: /REGION=eu-central-1/,
    cure: 'offered',
  },
  person('an answer that nobody knows', 'unknown', /AWS documentation of s3:PutObject/, {
    fails: 'put',
    breaks: errorOf('s3', 'TeapotError', 418, 'short and stout', 'PUT'),
  }),
];
