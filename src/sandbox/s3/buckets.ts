import { type SandboxResponse, ServiceError } from '../service';
import { childText, element, elements, parseXmlOf, xmlDocument } from '../xml';
import { authorize, authorizeAccount } from './authorize';
import { type BucketCall, headerOf, isoDate, type ServiceCall } from './call';
import { maxOf, ownerElements } from './list-objects';
import { receiveDocument } from './receive-body';
import type { ObjectOwnership } from './records';
import { header, invalidArgument, invalidBucketName, isBucketName, notImplemented, partitionOf } from './request';
import type { Bucket } from './state';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export async function listBuckets(call: ServiceCall): Promise<SandboxResponse> {
  const { request, state, params } = call;
  authorizeAccount(request, 's3:ListAllMyBuckets', '*');
  const account = request.caller!.account;
  const max = params.has('max-buckets') ? maxOf(params.get('max-buckets'), 'max-buckets') : Number.POSITIVE_INFINITY;
  const prefix = params.get('prefix');
  const region = params.get('bucket-region');
  const token = params.get('continuation-token');
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
  const all = [...state.buckets.values()]
    .map(bucket => bucket.record)
    .filter(({ ownerAccount }) => ownerAccount === account)
    .filter(({ name }) => name.startsWith(prefix ?? '') && name > after)
    .filter(record => region === undefined || record.region === region)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = all.slice(0, max);
  return {
    status: 200,
    body: xmlDocument(
      'ListAllMyBucketsResult',
      elements({
        Owner: ownerElements(account),
        Buckets: page.map(({ name, created, region: BucketRegion }) =>
          element('Bucket', elements({ Name: name, CreationDate: isoDate(created), BucketRegion })),
        ),
        ContinuationToken:
          page.length < all.length ? Buffer.from(page.at(-1)?.name ?? '').toString('base64url') : undefined,
        Prefix: prefix,
      }),
    ),
  };
}

/**
 * A bucket lies in the region that its location constraint names; without one, in us-east-1.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export async function createBucket(call: ServiceCall): Promise<SandboxResponse> {
  const { request, state, bucketName } = call;
  if (!isBucketName(bucketName)) throw invalidBucketName(bucketName);
  const constraint = locationConstraint(await receiveDocument(request));
  const region = regionOf(constraint, request.signedRegion);
  refuseAcls(call);
  const ownership = requestedOwnership(header(request, 'x-amz-object-ownership'));
  const hasLock = header(request, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
  const arn = `arn:${partitionOf(region)}:s3:::${bucketName}`;
  const actions = [
    's3:CreateBucket',
    ...(hasLock ? ['s3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning'] : []),
    ...(ownership ? ['s3:PutBucketOwnershipControls'] : []),
  ];
  for (const action of actions) {
    authorizeAccount(request, action, arn, constraint === '' ? {} : { 's3:LocationConstraint': constraint });
  }
  const headers = { location: `/${bucketName}` };
  const existing = state.buckets.get(bucketName);
  if (existing) {
    if (existing.record.ownerAccount !== request.caller!.account) {
      throw new ServiceError(
        'BucketAlreadyExists',
        409,
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
        { BucketName: bucketName },
      );
    }
    if (region === 'us-east-1' && existing.record.region === 'us-east-1') return { status: 200, headers };
    throw new ServiceError(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: bucketName },
    );
  }
  await state.createBucket(bucketName, region, request.caller!.account, {
    ...(ownership && { ownership }),
    ...(hasLock && { objectLock: {}, versioning: 'Enabled' as const }),
  });
  return { status: 200, headers };
}

function locationConstraint(source: string): string {
  if (source.trim() === '') return '';
  const root = parseXmlOf(source, 'CreateBucketConfiguration');
  for (const { name } of root.children)
    if (name !== 'LocationConstraint') throw notImplemented(`<${name}> in <CreateBucketConfiguration>`);
  return childText(root, 'LocationConstraint')?.trim() ?? '';
}

function regionOf(constraint: string, signedRegion: string | undefined): string {
  const endpointRegion = signedRegion ?? 'us-east-1';
  if (constraint === '') {
    if (endpointRegion === 'us-east-1') return 'us-east-1';
    throw new ServiceError(
      'IllegalLocationConstraintException',
      400,
      'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
    );
  }
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (region === 'us-east-1' || !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) {
    throw new ServiceError('InvalidLocationConstraint', 400, 'The specified location-constraint is not valid', {
      LocationConstraint: constraint,
    });
  }
  if (endpointRegion !== 'us-east-1' && endpointRegion !== region) {
    throw new ServiceError(
      'IllegalLocationConstraintException',
      400,
      `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  return region;
}

/** A new bucket knows no ACLs, so that `private`, which some clients send, changes nothing. */
function refuseAcls(call: ServiceCall): void {
  const acl = headerOf(call, 'x-amz-acl');
  const hasGrants = Object.keys(call.request.headers).some(name => name.startsWith('x-amz-grant-'));
  if ((acl === undefined || acl === 'private') && !hasGrants) return;
  throw new ServiceError(
    'InvalidBucketAclWithObjectOwnership',
    400,
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  );
}

export function requestedOwnership(name: string | undefined): ObjectOwnership | undefined {
  if (name === undefined) return undefined;
  if (name === 'BucketOwnerEnforced' || name === 'BucketOwnerPreferred' || name === 'ObjectWriter') return name;
  throw invalidArgument('Invalid x-amz-object-ownership header', 'x-amz-object-ownership', name);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export async function headBucket({ request, bucket }: BucketCall): Promise<SandboxResponse> {
  const region = { 'x-amz-bucket-region': bucket.record.region };
  try {
    authorize(request, bucket, { action: 's3:ListBucket' });
  } catch (error) {
    // The region is told to those too who may not enter.
    if (error instanceof ServiceError) throw new ServiceError(error.code, error.status, error.message, {}, region);
    throw error;
  }
  return {
    status: 200,
    headers: { ...region, 'x-amz-access-point-alias': 'false', 'content-type': 'application/xml' },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export async function deleteBucket({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:DeleteBucket' });
  if (bucket.objects.size > 0) {
    throw new ServiceError(
      'BucketNotEmpty',
      409,
      bucket.record.versioning
        ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
        : 'The bucket you tried to delete is not empty',
      { BucketName: bucket.record.name },
    );
  }
  await state.removeBucket(bucket);
  return { status: 204 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export async function getBucketLocation({ request, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:GetBucketLocation' });
  const { region } = bucket.record;
  return { status: 200, body: xmlDocument('LocationConstraint', region === 'us-east-1' ? '' : region) };
}

/**
 * What S3 answers at the endpoint of a region that the bucket isn't in: by path a redirect, by host name a
 * complaint about the signature's region. Both name the right one.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
export function wrongRegion(bucket: Bucket, signedRegion: string, isVirtualHosted: boolean): ServiceError {
  const { name, region } = bucket.record;
  const headers = { 'x-amz-bucket-region': region };
  if (isVirtualHosted) {
    return new ServiceError(
      'AuthorizationHeaderMalformed',
      400,
      `The authorization header is malformed; the region '${signedRegion}' is wrong; expecting '${region}'`,
      { Region: region },
      headers,
    );
  }
  return new ServiceError(
    'PermanentRedirect',
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `s3.${region}.amazonaws.com`, Bucket: name, Region: region },
    headers,
  );
}
