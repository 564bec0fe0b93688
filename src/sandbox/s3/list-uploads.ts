import type { SandboxResponse } from '../service';
import { element, elements } from '../xml';
import { authorize } from './authorize';
import { type BucketCall, isoDate } from './call';
import { checksumElement } from './checksums';
import { KeyIndex } from './key-index';
import { commonPrefixes, encoderOf, listing, listQuery, listRows, maxOf, ownerElements, rowName } from './list-objects';
import { findUpload } from './multipart';
import type { MultipartUpload } from './records';
import { invalidArgument } from './request';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export async function listParts(call: BucketCall): Promise<SandboxResponse> {
  const { request, bucket, key, params } = call;
  authorize(request, bucket, { action: 's3:ListMultipartUploadParts', key });
  const upload = findUpload(call);
  const max = maxOf(params.get('max-parts'), 'max-parts');
  const after = Number(params.get('part-number-marker') ?? 0);
  if (!Number.isInteger(after) || after < 0) {
    throw invalidArgument('Argument part-number-marker must be an integer', 'part-number-marker', String(after));
  }
  const rest = upload.parts.filter(part => part.number > after);
  const page = rest.slice(0, max);
  const { checksum } = upload;
  return listing('ListPartsResult', call, [
    ...elements({
      Bucket: bucket.record.name,
      Key: encoderOf(listQuery(call))(key),
      UploadId: upload.id,
      Initiator: elements({ ID: upload.initiatorArn, DisplayName: upload.initiatorArn }),
      Owner: ownerElements(upload.description.ownerAccount),
      StorageClass: upload.description.storageClass,
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: max,
      IsTruncated: page.length < rest.length,
      ChecksumAlgorithm: checksum?.algorithm,
      ChecksumType: checksum?.type,
    }),
    ...page.map(part =>
      element(
        'Part',
        elements({
          PartNumber: part.number,
          LastModified: isoDate(part.lastModified),
          ETag: `"${part.etag}"`,
          Size: part.size,
          ...(checksum && { [checksumElement(checksum.algorithm)]: part.checksum }),
        }),
      ),
    ),
  ]);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export async function listMultipartUploads(call: BucketCall): Promise<SandboxResponse> {
  const { request, bucket, params } = call;
  const query = listQuery(call, 'max-uploads');
  authorize(request, bucket, { action: 's3:ListBucketMultipartUploads' });
  const keyMarker = params.get('key-marker') ?? '';
  const idMarker = params.get('upload-id-marker') ?? '';
  // A key may have several uploads, which come in the order they began. The NUL keeps them behind their own key.
  const index = new KeyIndex<MultipartUpload>();
  const byTime = [...bucket.uploads.values()].sort((a, b) => a.initiated - b.initiated || (a.id < b.id ? -1 : 1));
  byTime.forEach((upload, i) => {
    index.set(`${upload.key}\0${String(i).padStart(9, '0')}`, upload);
  });
  const marked = byTime.findIndex(upload => upload.key === keyMarker && upload.id === idMarker);
  const begin =
    keyMarker === ''
      ? 0
      : marked >= 0
        ? index.firstAfter(`${keyMarker}\0${String(marked).padStart(9, '0')}`)
        : index.firstAfterPrefix(`${keyMarker}\0`);
  const { rows, isTruncated } = listRows(
    index,
    query,
    begin,
    upload => upload,
    commonPrefix => keyMarker !== '' && keyMarker.startsWith(commonPrefix),
    upload => upload.key,
  );
  const encode = encoderOf(query);
  const last = rows.at(-1);
  return listing('ListMultipartUploadsResult', call, [
    ...elements({
      Bucket: bucket.record.name,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: isTruncated && last ? encode('key' in last ? last.value.key : rowName(last)) : undefined,
      NextUploadIdMarker: isTruncated && last && 'key' in last ? last.value.id : undefined,
      Prefix: encode(query.prefix),
      Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
      EncodingType: query.isUrlEncoded ? 'url' : undefined,
      MaxUploads: query.maxKeys,
      IsTruncated: isTruncated,
    }),
    ...rows.flatMap(row =>
      'key' in row
        ? [
            element(
              'Upload',
              elements({
                Key: encode(row.value.key),
                UploadId: row.value.id,
                Initiator: elements({ ID: row.value.initiatorArn, DisplayName: row.value.initiatorArn }),
                Owner: ownerElements(row.value.description.ownerAccount),
                StorageClass: row.value.description.storageClass,
                Initiated: isoDate(row.value.initiated),
                ChecksumAlgorithm: row.value.checksum?.algorithm,
                ChecksumType: row.value.checksum?.type,
              }),
            ),
          ]
        : [],
    ),
    ...commonPrefixes(rows, encode),
  ]);
}
