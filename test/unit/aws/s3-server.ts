import type { AddressInfo } from 'node:net';
import type { AwsCredentials } from '../../../src/aws/session';
import type { PolicyDocument } from '../../../src/core/iam/policy';
import { createFaults } from '../../../src/sandbox/faults';
import { createHttpServer } from '../../../src/sandbox/http-server';
import { createS3Service } from '../../../src/sandbox/s3/s3-service';
import type { Credential } from '../../../src/sandbox/service';

export const BUCKET = 'my-bucket';
const ACCOUNT = '123456789012';

/** The sandbox's S3 for one bucket and one user whose policy a test may change; STS isn't there. */
export async function startS3(region = 'us-east-1') {
  const faults = createFaults();
  const s3 = await createS3Service();
  await s3.createBucket({ name: BUCKET, region, ownerAccount: ACCOUNT });
  const keys: AwsCredentials = {
    accessKeyId: 'AKIATEST',
    secretAccessKey: 'canary-secret',
    sessionToken: 'canary-token',
  };
  const state = {
    policy: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } } as PolicyDocument,
    expiration: undefined as Date | undefined,
  };
  const credential = (): Credential => ({
    ...keys,
    expiration: state.expiration,
    caller: () => ({
      kind: 'role-session',
      account: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:role/logs`,
      callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/logs/test`,
      userId: 'AROAX:test',
      identityPolicies: [state.policy],
      isAdmin: false,
    }),
  });
  const refuse = async () => {
    throw new Error('only S3 is here');
  };
  const server = createHttpServer({
    directory: { findCredential: id => (id === keys.accessKeyId ? credential() : undefined) },
    services: { s3: request => s3.handle(request), sts: refuse, iam: refuse },
    faults,
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    s3,
    faults,
    keys,
    state,
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}
