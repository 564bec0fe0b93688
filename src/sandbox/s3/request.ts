import { percentDecode } from '../request-target';
import { type SandboxRequest, ServiceError } from '../service';

/** A header's value, by its name in lower case; several values are joined. */
export function header(request: SandboxRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Where a request points. */
export interface Address {
  /** '' for the service itself. */
  readonly bucket: string;
  /** '' for the bucket itself. */
  readonly key: string;
  readonly isVirtualHosted: boolean;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/**
 * The bucket and the key, from a path (`/bucket/key`) or a host (`bucket.localhost`). The key is decoded once and
 * otherwise as it came: `//`, `.` and `..` are parts of a key like any other.
 */
export function addressOf(request: SandboxRequest): Address {
  const host = (header(request, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
  const hosted = host.match(/^(.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.localhost$/)?.[1];
  const bucketInHost = hosted === 's3' || hosted?.startsWith('s3.') ? undefined : hosted;
  const path = percentDecode(request.rawPath.replace(/^\//, ''));
  if (bucketInHost !== undefined) return { bucket: bucketInHost, key: checkedKey(path), isVirtualHosted: true };
  const slash = path.indexOf('/');
  return slash < 0
    ? { bucket: path, key: '', isVirtualHosted: false }
    : { bucket: path.slice(0, slash), key: checkedKey(path.slice(slash + 1)), isVirtualHosted: false };
}

/** Throws KeyTooLongError, or InvalidURI for a key that climbs above its own beginning. */
export function checkedKey(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) {
    throw new ServiceError('KeyTooLongError', 400, 'Your key is too long', {
      Size: String(bytes),
      MaxSizeAllowed: String(MAX_KEY_BYTES),
    });
  }
  let depth = 0;
  for (const segment of key.split('/')) {
    depth += segment === '..' ? -1 : segment === '' || segment === '.' ? 0 : 1;
    if (depth < 0) throw new ServiceError('InvalidURI', 400, "Couldn't parse the specified URI.");
  }
  return key;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

export function invalidBucketName(name: string): ServiceError {
  return new ServiceError('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name });
}

export function notImplemented(what: string): ServiceError {
  return new ServiceError(
    'NotImplemented',
    501,
    `A header or query you provided implies functionality that is not implemented: ${what}`,
  );
}

export function invalidArgument(message: string, name: string, value: string): ServiceError {
  return new ServiceError('InvalidArgument', 400, message, { ArgumentName: name, ArgumentValue: value });
}

/** The ARN partition of a region. */
export function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
