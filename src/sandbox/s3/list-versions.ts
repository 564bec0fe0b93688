import type { SandboxResponse } from '../service';
import { element, elements, type XmlElement } from '../xml';
import { authorize } from './authorize';
import { type BucketCall, isoDate } from './call';
import { KeyIndex } from './key-index';
import { commonPrefixes, encoderOf, listAction, listing, listQuery, listRows, ownerElements } from './list-objects';
import type { ObjectVersion } from './records';
import { invalidArgument } from './request';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export async function listObjectVersions(call: BucketCall): Promise<SandboxResponse> {
  const { request, bucket, params } = call;
  const query = listQuery(call);
  authorize(request, bucket, listAction(call, 's3:ListBucketVersions'));
  const keyMarker = params.get('key-marker') ?? '';
  const idMarker = params.get('version-id-marker') ?? '';
  if (idMarker !== '' && keyMarker === '') {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      idMarker,
    );
  }
  // One entry for each version: the NUL and a number keep a key's versions together, newest first.
  const index = new KeyIndex<{ key: string; version: ObjectVersion; isLatest: boolean }>();
  for (let place = 0, entry = bucket.objects.at(0); entry; entry = bucket.objects.at(++place)) {
    const { key, value } = entry;
    value.forEach((version, i) => {
      index.set(versionPlace(key, i), { key, version, isLatest: i === 0 });
    });
  }
  const marked = (bucket.objects.get(keyMarker) ?? []).findIndex(one => one.versionId === idMarker);
  const begin =
    keyMarker === ''
      ? 0
      : idMarker !== '' && marked >= 0
        ? index.firstAfter(versionPlace(keyMarker, marked))
        : index.firstAfter(versionPlace(keyMarker, 999_999_999));
  const { rows, isTruncated } = listRows(
    index,
    query,
    begin,
    one => one,
    commonPrefix => keyMarker !== '' && keyMarker.startsWith(commonPrefix),
    one => one.key,
  );
  const encode = encoderOf(query);
  const last = rows.at(-1);
  const versions = rows.flatMap((row): XmlElement[] => {
    if (!('key' in row)) return [];
    const { key, version, isLatest } = row.value;
    const common = { Key: encode(key), VersionId: version.versionId, IsLatest: isLatest };
    if (version.isDeleteMarker) {
      return [
        element(
          'DeleteMarker',
          elements({
            ...common,
            LastModified: isoDate(version.lastModified),
            Owner: ownerElements(version.ownerAccount),
          }),
        ),
      ];
    }
    return [
      element(
        'Version',
        elements({
          ...common,
          LastModified: isoDate(version.lastModified),
          ETag: `"${version.etag}"`,
          ChecksumAlgorithm: version.checksum?.algorithm,
          ChecksumType: version.checksum?.type,
          Size: version.size,
          StorageClass: version.storageClass,
          Owner: ownerElements(version.ownerAccount),
        }),
      ),
    ];
  });
  return listing('ListVersionsResult', call, [
    ...elements({
      Name: bucket.record.name,
      Prefix: encode(query.prefix),
      KeyMarker: encode(keyMarker),
      VersionIdMarker: idMarker,
      NextKeyMarker: isTruncated && last ? encode('key' in last ? last.value.key : last.commonPrefix) : undefined,
      NextVersionIdMarker: isTruncated && last && 'key' in last ? last.value.version.versionId : undefined,
      MaxKeys: query.maxKeys,
      Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
      EncodingType: query.isUrlEncoded ? 'url' : undefined,
      IsTruncated: isTruncated,
    }),
    ...versions,
    ...commonPrefixes(rows, encode),
  ]);
}

function versionPlace(key: string, place: number): string {
  return `${key}\0${String(place).padStart(9, '0')}`;
}
