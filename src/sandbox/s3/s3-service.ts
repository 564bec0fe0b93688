import type { PolicyDocument } from '../../core/iam/policy';
import { accessDenied } from '../authorization';
import { type SandboxRequest, type SandboxResponse, ServiceError } from '../service';

import { wrongRegion } from './buckets';
import type { ServiceCall } from './call';
import type { KmsKey, KmsKeys } from './kms';
import { createMemoryStore, type ObjectStore } from './object-store';
import {
  BUCKET_ROUTES,
  type BucketRoute,
  CREATE_BUCKET,
  OBJECT_ROUTES,
  SERVICE_ROUTES,
  type ServiceRoute,
} from './operations';
import type { BucketRecord, BucketSettings } from './records';
import { addressOf, header, invalidArgument, invalidBucketName, isBucketName, notImplemented } from './request';
import { seedObject } from './seed-object';
import { S3State } from './state';

export interface S3ServiceOptions {
  /** Default: memory. */
  readonly store?: ObjectStore;
  readonly clock?: () => Date;
  /** Whether a bucket policy may name this principal; default: any. An account's number or root may come too. */
  readonly principalExists?: (principal: string) => boolean;
}

/** S3, and what a test or a seed may do to it past all policies. */
export interface S3Service {
  handle(request: SandboxRequest): Promise<SandboxResponse>;
  createBucket(
    bucket: { readonly name: string; readonly region: string; readonly ownerAccount: string } & Partial<BucketSettings>,
  ): Promise<void>;
  hasBucket(name: string): boolean;
  /** A bucket's owner, region and settings. */
  describeBucket(name: string): BucketRecord | undefined;
  changeBucket(name: string, settings: Partial<BucketSettings>): Promise<void>;
  setBucketPolicy(name: string, policy: PolicyDocument | undefined): Promise<void>;
  /** Sets up a key that isn't simply open to whom IAM allows it. */
  setKmsKey(key: KmsKey): void;
  /** Writes an object as the bucket's owner. */
  putObject(bucket: string, key: string, body: string | Uint8Array): Promise<void>;
  /** All keys of a bucket, in order; a deleted one of a versioned bucket is none. */
  listKeys(bucket: string): string[];
  readObject(bucket: string, key: string): Promise<Buffer | undefined>;
}

/** S3 over a store; what an earlier run left there is taken up first. */
export function createS3Service(options: S3ServiceOptions = {}): S3Service {
  const state = new S3State(options.store ?? createMemoryStore(), options.clock ?? (() => new Date()));
  const kms: KmsKeys = new Map();
  return {
    handle: request => handle(request, state, kms, options.principalExists),
    async createBucket({ name, region, ownerAccount, ...settings }) {
      if (state.buckets.has(name)) throw new Error(`The bucket ${name} exists already.`);
      await state.createBucket(name, region, ownerAccount, settings);
    },
    hasBucket: name => state.buckets.has(name),
    describeBucket: name => state.buckets.get(name)?.record,
    changeBucket: (name, settings) => state.changeBucket(state.bucket(name), settings),
    setBucketPolicy: (name, policy) =>
      state.changeBucket(state.bucket(name), {
        policy,
        policyText: policy === undefined ? undefined : JSON.stringify(policy),
      }),
    setKmsKey(key) {
      kms.set(key.arn, key);
    },
    async putObject(bucketName, key, body) {
      const bucket = state.bucket(bucketName);
      await seedObject(state, bucket, key, Buffer.from(body));
    },
    listKeys(bucketName) {
      const { objects } = state.bucket(bucketName);
      return Array.from({ length: objects.size }, (_none, place) => objects.at(place)!)
        .filter(({ value }) => !value[0]!.isDeleteMarker)
        .map(({ key }) => key);
    },
    async readObject(bucketName, key) {
      const version = state.current(state.bucket(bucketName), key);
      if (!version) return undefined;
      const pieces: Buffer[] = [];
      for await (const piece of state.read(version)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}

async function handle(
  request: SandboxRequest,
  state: S3State,
  kms: KmsKeys,
  principalExists: S3ServiceOptions['principalExists'],
): Promise<SandboxResponse> {
  const { bucket: bucketName, key, isVirtualHosted } = addressOf(request);
  const params = new Map<string, string>();
  for (const [name, value] of request.query) if (!params.has(name)) params.set(name, value);
  refuseHeaders(request);
  const call: ServiceCall = { request, state, kms, principalExists, params, bucketName, key };
  if (bucketName === '') return routeOf(SERVICE_ROUTES, call).run(call);
  if (key === '' && request.method === 'PUT' && unknownParameters(CREATE_BUCKET, call).length === 0) {
    return CREATE_BUCKET.run(call);
  }
  const route = routeOf(key === '' ? BUCKET_ROUTES : OBJECT_ROUTES, call);
  if (!state.buckets.has(bucketName) && !isBucketName(bucketName)) throw invalidBucketName(bucketName);
  const bucket = state.bucket(bucketName);
  const { signedRegion } = request;
  // Anybody who signs for us-east-1 may ask where a bucket is: that is how clients find out.
  const asksWhere = route.selector === 'location' && signedRegion === 'us-east-1';
  if (signedRegion !== undefined && signedRegion !== bucket.record.region && !asksWhere) {
    throw wrongRegion(bucket, signedRegion, isVirtualHosted);
  }
  const expectedOwner = header(request, 'x-amz-expected-bucket-owner');
  if (expectedOwner !== undefined && expectedOwner !== bucket.record.ownerAccount) throw accessDenied();
  checkVersionId(params.get('versionId'));
  return route.run({ ...call, bucket });
}

function checkVersionId(versionId: string | undefined): void {
  if (versionId === undefined || versionId === 'null' || /^[A-Za-z0-9._]{32}$/.test(versionId)) return;
  throw invalidArgument(
    versionId === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified',
    'versionId',
    versionId,
  );
}

/** Parameters of every operation: signatures, and the SDK's own note of the operation. */
const COMMON_PARAMETERS = /^(X-Amz-.*|x-id)$/i;

function unknownParameters(route: ServiceRoute | BucketRoute, call: ServiceCall): string[] {
  const known = [route.selector, ...(route.needs ?? []), ...(route.knows ?? [])];
  return [...call.params.keys()].filter(name => !known.includes(name) && !COMMON_PARAMETERS.test(name));
}

/** The operation that a request names. One with a parameter that nobody knows here is not carried out at all. */
function routeOf<T extends ServiceRoute | BucketRoute>(routes: readonly T[], call: ServiceCall): T {
  const { request, params } = call;
  const candidates = routes.filter(
    route =>
      route.method === request.method &&
      (route.selector === undefined || params.has(route.selector)) &&
      (route.needs ?? []).every(name => params.has(name)) &&
      (route.header === undefined || header(request, route.header) !== undefined),
  );
  const route = candidates.find(one => unknownParameters(one, call).length === 0);
  if (route) return route;
  const [unknown] = candidates[0] ? unknownParameters(candidates[0], call) : [...params.keys()];
  if (unknown !== undefined) throw notImplemented(unknown);
  // Browser uploads and CORS preflights are S3's own operations, and unknown here.
  if (request.method === 'OPTIONS' || (request.method === 'POST' && call.bucketName !== '' && call.key === '')) {
    throw notImplemented(`${request.method} of a bucket`);
  }
  throw new ServiceError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
    Method: request.method,
    ResourceType: call.bucketName === '' ? 'SERVICE' : call.key === '' ? 'BUCKET' : 'OBJECT',
  });
}

/** Headers that would change what is done, and that nothing here acts upon. */
const REFUSED_HEADERS = [
  'x-amz-bucket-object-lock-token',
  'x-amz-write-offset-bytes',
  'x-amz-website-redirect-location',
  'x-amz-mfa',
  'x-amz-rename-source',
  'x-amz-copy-source-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-context',
];

function refuseHeaders(request: SandboxRequest): void {
  const refused = REFUSED_HEADERS.find(name => request.headers[name] !== undefined);
  if (refused) throw notImplemented(refused);
}
