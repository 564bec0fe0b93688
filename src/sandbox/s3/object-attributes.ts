import type { SandboxResponse } from '../service';
import { element, elements, xmlDocument } from '../xml';
import { type BucketCall, headerOf, httpDate } from './call';
import { checksumElement } from './checksums';
import { versionHeaders } from './describe';
import { findReadable } from './get-object';
import { maxOf } from './list-objects';
import { invalidArgument } from './request';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export async function getObjectAttributes(call: BucketCall): Promise<SandboxResponse> {
  const wanted = (headerOf(call, 'x-amz-object-attributes') ?? '')
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '');
  const unknown = wanted.find(one => !ATTRIBUTES.includes(one));
  if (wanted.length === 0 || unknown !== undefined) {
    throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', unknown ?? '');
  }
  const versionId = call.params.get('versionId');
  const action = versionId === undefined ? 's3:GetObjectAttributes' : 's3:GetObjectVersionAttributes';
  const version = findReadable(call, call.key, versionId, [action]);
  const { checksum } = version;
  const has = (name: string) => wanted.includes(name);
  return {
    status: 200,
    headers: { 'last-modified': httpDate(version.lastModified), ...versionHeaders(call, version) },
    body: xmlDocument(
      'GetObjectAttributesResponse',
      elements({
        ETag: has('ETag') ? version.etag : undefined,
        Checksum:
          has('Checksum') && checksum
            ? elements({
                [checksumElement(checksum.algorithm)]: checksum.value.replace(/-\d+$/, ''),
                ChecksumType: checksum.type,
              })
            : undefined,
        ObjectParts: has('ObjectParts') ? partElements(call, version.parts, checksum) : undefined,
        StorageClass: has('StorageClass') ? version.storageClass : undefined,
        ObjectSize: has('ObjectSize') ? version.size : undefined,
      }),
    ),
  };
}

function partElements(
  call: BucketCall,
  parts: Awaited<ReturnType<typeof findReadable>>['parts'],
  checksum: Awaited<ReturnType<typeof findReadable>>['checksum'],
) {
  if (!parts) return undefined;
  const max = maxOf(headerOf(call, 'x-amz-max-parts'), 'x-amz-max-parts');
  const after = Number(headerOf(call, 'x-amz-part-number-marker') ?? 0);
  const rest = parts.filter(part => part.number > after);
  const page = rest.slice(0, max);
  return [
    ...elements({
      PartsCount: parts.length,
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: max,
      IsTruncated: page.length < rest.length,
    }),
    // Only parts that have a checksum of their own are told one by one.
    ...page
      .filter(part => part.checksum !== undefined)
      .map(part =>
        element(
          'Part',
          elements({
            PartNumber: part.number,
            Size: part.size,
            ...(checksum && { [checksumElement(checksum.algorithm)]: part.checksum }),
          }),
        ),
      ),
  ];
}
