import { type SandboxResponse, ServiceError } from '../service';
import { element, elements, type XmlElement, xmlDocument } from '../xml';
import { authorize, type WantedAction } from './authorize';
import { type BucketCall, headerOf, isoDate } from './call';
import type { KeyIndex } from './key-index';
import type { ObjectVersion } from './records';
import { invalidArgument, notImplemented } from './request';

export interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly isUrlEncoded: boolean;
}

/** One row of a listing: a key, or a group of keys that share what comes before the delimiter. */
export type ListRow<T> = { readonly key: string; readonly value: T } | { readonly commonPrefix: string };

export interface ListedRows<T> {
  readonly rows: readonly ListRow<T>[];
  readonly isTruncated: boolean;
}

/** The parameters that all listings share. */
export function listQuery(call: BucketCall, maxName = 'max-keys'): ListQuery {
  const { params } = call;
  const encoding = params.get('encoding-type');
  if (encoding !== undefined && encoding.toLowerCase() !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  }
  return {
    prefix: params.get('prefix') ?? '',
    delimiter: params.get('delimiter') ?? '',
    maxKeys: maxOf(params.get(maxName), maxName),
    isUrlEncoded: encoding !== undefined,
  };
}

/** At most 1,000, whatever was asked for. */
export function maxOf(text: string | undefined, name: string): number {
  if (text === undefined || text === '') return 1000;
  if (!/^[+-]?\d+$/.test(text))
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  const value = Number(text);
  if (value < 0 || value > 2_147_483_647) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, text);
  }
  return Math.min(1000, value);
}

/** What a listing needs, with the condition keys that policies look at. */
export function listAction(call: BucketCall, action = 's3:ListBucket', maxName = 'max-keys'): WantedAction {
  const context: Record<string, string> = {};
  for (const [name, key] of [
    ['prefix', 's3:prefix'],
    ['delimiter', 's3:delimiter'],
    [maxName, 's3:max-keys'],
  ] as const) {
    const value = call.params.get(name);
    if (value !== undefined) context[key] = value;
  }
  return { action, context };
}

/**
 * Walks an index in the order of its keys. `start` is the place to begin at; common prefixes that `skips` says yes to
 * are left out, with all keys in them. `keyOf` is for an index whose entries hold their object's key themselves.
 */
export function listRows<T, V>(
  index: KeyIndex<T>,
  { prefix, delimiter, maxKeys }: ListQuery,
  start: number,
  visible: (value: T) => V | undefined,
  skips: (commonPrefix: string) => boolean = () => false,
  keyOf: (value: T, place: string) => string = (_value, place) => place,
): ListedRows<V> {
  const rows: ListRow<V>[] = [];
  if (maxKeys === 0) return { rows, isTruncated: false };
  let place = Math.max(start, index.firstAtOrAfter(prefix));
  for (;;) {
    const entry = index.at(place);
    if (!entry?.key.startsWith(prefix)) return { rows, isTruncated: false };
    const value = visible(entry.value);
    if (value === undefined) {
      place++;
      continue;
    }
    const key = keyOf(entry.value, entry.key);
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const commonPrefix = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    if (commonPrefix !== undefined && skips(commonPrefix)) {
      place = index.firstAfterPrefix(commonPrefix);
      continue;
    }
    if (rows.length === maxKeys) return { rows, isTruncated: true };
    if (commonPrefix === undefined) {
      rows.push({ key, value });
      place++;
    } else {
      rows.push({ commonPrefix });
      place = index.firstAfterPrefix(commonPrefix);
    }
  }
}

/** The place in the order that a row stands for. */
export function rowName<T>(row: ListRow<T>): string {
  return 'key' in row ? row.key : row.commonPrefix;
}

const visibleVersion = (versions: readonly ObjectVersion[]) => (versions[0]?.isDeleteMarker ? undefined : versions[0]);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function listObjectsV2(call: BucketCall): Promise<SandboxResponse> {
  const { bucket, params } = call;
  if (params.get('list-type') !== '2')
    throw invalidArgument('Invalid list type', 'list-type', params.get('list-type')!);
  const query = listQuery(call);
  refuseOptionalAttributes(call);
  authorize(call.request, bucket, listAction(call));
  const token = params.get('continuation-token');
  const startAfter = params.get('start-after');
  const place = token === undefined ? bucket.objects.firstAfter(startAfter ?? '') : tokenPlace(bucket.objects, token);
  const begin = token === undefined && !startAfter ? 0 : place;
  const { rows, isTruncated } = listRows(bucket.objects, query, begin, visibleVersion);
  const encode = encoderOf(query);
  const hasOwner = params.get('fetch-owner') === 'true';
  const last = rows.at(-1);
  return listing('ListBucketResult', call, [
    ...elements({
      Name: bucket.record.name,
      Prefix: encode(query.prefix),
      Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
      StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      ContinuationToken: token,
      NextContinuationToken: isTruncated && last ? encodeToken(last) : undefined,
      KeyCount: rows.length,
      MaxKeys: query.maxKeys,
      EncodingType: query.isUrlEncoded ? 'url' : undefined,
      IsTruncated: isTruncated,
    }),
    ...contents(rows, encode, hasOwner),
    ...commonPrefixes(rows, encode),
  ]);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export async function listObjectsV1(call: BucketCall): Promise<SandboxResponse> {
  const { bucket, params } = call;
  const query = listQuery(call);
  refuseOptionalAttributes(call);
  authorize(call.request, bucket, listAction(call));
  const marker = params.get('marker') ?? '';
  const begin = marker === '' ? 0 : bucket.objects.firstAfter(marker);
  const { rows, isTruncated } = listRows(
    bucket.objects,
    query,
    begin,
    visibleVersion,
    commonPrefix => marker !== '' && marker.startsWith(commonPrefix),
  );
  const encode = encoderOf(query);
  const last = rows.at(-1);
  return listing('ListBucketResult', call, [
    ...elements({
      Name: bucket.record.name,
      Prefix: encode(query.prefix),
      Marker: encode(marker),
      NextMarker: isTruncated && last && query.delimiter !== '' ? encode(rowName(last)) : undefined,
      MaxKeys: query.maxKeys,
      Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
      EncodingType: query.isUrlEncoded ? 'url' : undefined,
      IsTruncated: isTruncated,
    }),
    ...contents(rows, encode, true),
    ...commonPrefixes(rows, encode),
  ]);
}

function refuseOptionalAttributes(call: BucketCall): void {
  const wanted = headerOf(call, 'x-amz-optional-object-attributes');
  if (wanted) throw notImplemented('x-amz-optional-object-attributes');
}

export function listing(name: string, call: BucketCall, content: readonly XmlElement[]): SandboxResponse {
  return {
    status: 200,
    headers: { 'x-amz-bucket-region': call.bucket.record.region },
    body: xmlDocument(name, content),
  };
}

function contents(
  rows: readonly ListRow<ObjectVersion>[],
  encode: (text: string) => string,
  hasOwner: boolean,
): XmlElement[] {
  return rows.flatMap(row =>
    'key' in row
      ? [
          element(
            'Contents',
            elements({
              Key: encode(row.key),
              LastModified: isoDate(row.value.lastModified),
              ETag: `"${row.value.etag}"`,
              ChecksumAlgorithm: row.value.checksum?.algorithm,
              ChecksumType: row.value.checksum?.type,
              Size: row.value.size,
              Owner: hasOwner ? ownerElements(row.value.ownerAccount) : undefined,
              StorageClass: row.value.storageClass,
            }),
          ),
        ]
      : [],
  );
}

export function commonPrefixes<T>(rows: readonly ListRow<T>[], encode: (text: string) => string): XmlElement[] {
  return rows.flatMap(row =>
    'key' in row ? [] : [element('CommonPrefixes', elements({ Prefix: encode(row.commonPrefix) }))],
  );
}

/** S3 names an account by an id of its own; here it is made from the account's number. */
export function ownerElements(account: string): XmlElement[] {
  return elements({ ID: canonicalId(account), DisplayName: account });
}

function canonicalId(account: string): string {
  return account.padStart(64, '0');
}

/** As S3 encodes keys in listings: like a form, but with the slashes kept. */
export function encoderOf({ isUrlEncoded }: ListQuery): (text: string) => string {
  if (!isUrlEncoded) return text => text;
  return text =>
    encodeURIComponent(text)
      .replace(/[!'()~]/g, char => '%' + char.charCodeAt(0).toString(16).toUpperCase())
      .replaceAll('%20', '+')
      .replaceAll('%2F', '/');
}

/** Where a listing goes on. Opaque to clients: a common prefix is passed over as a whole. */
function encodeToken<T>(row: ListRow<T>): string {
  const text = 'key' in row ? `k${row.key}` : `p${row.commonPrefix}`;
  return Buffer.from(`1${text}`).toString('base64url');
}

function tokenPlace<T>(index: KeyIndex<T>, token: string): number {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('1k')) return index.firstAfter(text.slice(2));
  if (text.startsWith('1p')) return index.firstAfterPrefix(text.slice(2));
  throw new ServiceError('InvalidArgument', 400, 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
  });
}
