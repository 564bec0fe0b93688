import { createHash, randomBytes } from 'node:crypto';
import { type SandboxResponse, ServiceError } from '../service';
import { childText, elements, malformedXml, parseXmlOf, xmlDocument } from '../xml';
import { authorize } from './authorize';
import { type BucketCall, headerOf, isoDate } from './call';
import {
  badChecksum,
  checksumAlgorithm,
  checksumElement,
  checksumHeader,
  createChecksum,
  givenChecksum,
} from './checksums';
import { findCopySource, sourceVersionHeader } from './copy-object';
import { describeObject, encryptionHeaders, versionHeaders } from './describe';
import { parseRange } from './get-object';
import { authorizeKey } from './kms';
import { checkWrite } from './preconditions';
import { authorizeWrite, commit, etagOf } from './put-object';
import { receiveBody, receiveDocument, receiveStream } from './receive-body';
import type { Checksum, ChecksumAlgorithm, MultipartUpload, ObjectVersion, UploadedPart } from './records';
import { invalidArgument } from './request';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART = 5 * 1024 ** 2;
const MAX_PARTS = 10_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export async function createMultipartUpload(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket, key } = call;
  const description = describeObject(call);
  authorizeWrite(call, description);
  const checksum = uploadChecksum(call);
  const upload: MultipartUpload = {
    id: randomBytes(48).toString('base64url'),
    bucket: bucket.record.name,
    key,
    initiated: state.now(),
    initiatorArn: request.caller?.callerArn ?? 'anonymous',
    description,
    ...(checksum && { checksum }),
    parts: [],
  };
  await state.saveUpload(bucket, upload);
  return {
    status: 200,
    headers: {
      ...encryptionHeaders(description.encryption),
      ...(checksum && {
        'x-amz-checksum-algorithm': checksum.algorithm,
        'x-amz-checksum-type': checksum.type,
      }),
    },
    body: xmlDocument(
      'InitiateMultipartUploadResult',
      elements({ Bucket: bucket.record.name, Key: key, UploadId: upload.id }),
    ),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html#checksums-multipart */
function uploadChecksum(call: BucketCall): MultipartUpload['checksum'] {
  const name = headerOf(call, 'x-amz-checksum-algorithm');
  const type = headerOf(call, 'x-amz-checksum-type')?.toUpperCase();
  if (name === undefined) {
    if (type === undefined) return undefined;
    throw new ServiceError(
      'InvalidRequest',
      400,
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const algorithm = checksumAlgorithm(name);
  if (!algorithm) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  const isSha = algorithm === 'SHA1' || algorithm === 'SHA256';
  const chosen = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (chosen !== 'FULL_OBJECT' && chosen !== 'COMPOSITE') {
    throw new ServiceError('InvalidRequest', 400, 'Value for x-amz-checksum-type header is invalid.');
  }
  if ((chosen === 'FULL_OBJECT' && isSha) || (chosen === 'COMPOSITE' && algorithm === 'CRC64NVME')) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: chosen };
}

/** The upload that a request names. Throws NoSuchUpload. */
export function findUpload({ bucket, key, params }: BucketCall): MultipartUpload {
  const upload = bucket.uploads.get(params.get('uploadId') ?? '');
  if (upload && upload.key === key) return upload;
  throw new ServiceError(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: params.get('uploadId') ?? '' },
  );
}

function partNumber(call: BucketCall): number {
  const text = call.params.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MAX_PARTS) return number;
  throw invalidArgument(`Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`, 'partNumber', text);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket, key } = call;
  const number = partNumber(call);
  authorize(request, bucket, { action: 's3:PutObject', key });
  const upload = findUpload(call);
  authorizeKey(request, call.kms, upload.description.encryption, bucket.record.ownerAccount, 'kms:GenerateDataKey');
  refuseOtherAlgorithm(call, upload);
  const received = await receiveBody(request, state.store, upload.checksum?.algorithm);
  const part: UploadedPart = {
    number,
    size: received.segment.size,
    etag: etagOf(received.md5, upload.description.encryption),
    segment: received.segment,
    lastModified: state.now(),
    ...(upload.checksum && { checksum: received.checksum.value }),
  };
  await addPart(call, upload.id, part);
  return {
    status: 200,
    headers: {
      etag: `"${part.etag}"`,
      ...encryptionHeaders(upload.description.encryption),
      ...((upload.checksum || received.isChecksumGiven) && {
        [checksumHeader(received.checksum.algorithm)]: received.checksum.value,
      }),
    },
  };
}

function refuseOtherAlgorithm(call: BucketCall, upload: MultipartUpload): void {
  const given = givenChecksum(name => headerOf(call, name), Object.keys(call.request.headers));
  if (!given || !upload.checksum || given.algorithm === upload.checksum.algorithm) return;
  throw new ServiceError(
    'InvalidRequest',
    400,
    `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm.toLowerCase()}, actual checksum Type: ${given.algorithm.toLowerCase()}`,
  );
}

/** Adds a part whose bytes are stored, or drops them where the upload has ended meanwhile. */
async function addPart(call: BucketCall, uploadId: string, part: UploadedPart): Promise<void> {
  const { state, bucket } = call;
  const upload = bucket.uploads.get(uploadId);
  if (!upload) {
    await state.store.removeBlob(part.segment.blob);
    findUpload(call);
    return;
  }
  const replaced = upload.parts.find(one => one.number === part.number);
  const parts = [...upload.parts.filter(one => one.number !== part.number), part].sort((a, b) => a.number - b.number);
  await state.saveUpload(bucket, { ...upload, parts });
  if (replaced) await state.store.removeBlob(replaced.segment.blob);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export async function uploadPartCopy(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket, key } = call;
  const number = partNumber(call);
  const source = findCopySource(call);
  authorize(request, bucket, { action: 's3:PutObject', key });
  const upload = findUpload(call);
  authorizeKey(request, call.kms, upload.description.encryption, bucket.record.ownerAccount, 'kms:GenerateDataKey');
  const { start, end } = copiedRange(headerOf(call, 'x-amz-copy-source-range'), source.version.size);
  const copied = await receiveStream(
    state.read(source.version, start, end),
    state.store,
    createChecksum(upload.checksum?.algorithm ?? 'CRC64NVME'),
  );
  const part: UploadedPart = {
    number,
    size: copied.segment.size,
    etag: etagOf(copied.md5, upload.description.encryption),
    segment: copied.segment,
    lastModified: state.now(),
    ...(upload.checksum && { checksum: copied.checksum }),
  };
  await addPart(call, upload.id, part);
  return {
    status: 200,
    headers: { ...encryptionHeaders(upload.description.encryption), ...sourceVersionHeader(source) },
    body: xmlDocument(
      'CopyPartResult',
      elements({
        LastModified: isoDate(part.lastModified),
        ETag: `"${part.etag}"`,
        ...(upload.checksum && { [checksumElement(upload.checksum.algorithm)]: copied.checksum }),
      }),
    ),
  };
}

function copiedRange(text: string | undefined, size: number): { start: number; end: number } {
  if (text === undefined) return { start: 0, end: size };
  const match = text.match(/^bytes=(\d+)-(\d+)$/);
  if (!match || Number(match[2]) < Number(match[1])) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      text,
    );
  }
  if (Number(match[2]) >= size) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      'x-amz-copy-source-range',
      text,
    );
  }
  return parseRange(text, size)!;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function completeMultipartUpload(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket, key } = call;
  authorize(request, bucket, { action: 's3:PutObject', key });
  const upload = findUpload(call);
  const listed = listedParts(await receiveDocument(request, false));
  checkWrite(call, state.current(bucket, key));
  const parts = chosenParts(upload, listed);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const announcedSize = headerOf(call, 'x-amz-mp-object-size');
  if (announcedSize !== undefined && Number(announcedSize) !== size) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      `The provided 'x-amz-mp-object-size' header value ${announcedSize} does not match what was computed: ${size}`,
    );
  }
  const etags = Buffer.concat(parts.map(part => Buffer.from(part.etag, 'hex')));
  const bare: ObjectVersion = {
    ...upload.description,
    versionId: state.newVersionId(bucket),
    isDeleteMarker: false,
    lastModified: state.now(),
    etag: `${createHash('md5').update(etags).digest('hex')}-${parts.length}`,
    size,
    segments: parts.map(part => part.segment),
    parts: parts.map(({ number, size: partSize, checksum }) => ({
      number,
      size: partSize,
      ...(checksum && { checksum }),
    })),
  };
  const checksum = await wholeChecksum(call, upload, parts, bare);
  const version: ObjectVersion = { ...bare, checksum };
  if (!bucket.uploads.delete(upload.id)) findUpload(call);
  try {
    checkWrite(call, state.current(bucket, key));
  } catch (error) {
    bucket.uploads.set(upload.id, upload);
    throw error;
  }
  await commit(call, version);
  await state.forgetUpload(bucket, upload, new Set(version.segments.map(one => one.blob)));
  return {
    status: 200,
    headers: { ...encryptionHeaders(version.encryption), ...versionHeaders(call, version) },
    body: xmlDocument(
      'CompleteMultipartUploadResult',
      elements({
        Location: `http://${headerOf(call, 'host') ?? 'localhost'}/${bucket.record.name}/${key}`,
        Bucket: bucket.record.name,
        Key: key,
        ETag: `"${version.etag}"`,
        [checksumElement(checksum.algorithm)]: checksum.value,
        ChecksumType: checksum.type,
      }),
    ),
  };
}

interface ListedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

function listedParts(source: string): ListedPart[] {
  const root = parseXmlOf(source, 'CompleteMultipartUpload');
  const parts = root.children.map(part => {
    const number = Number(childText(part, 'PartNumber'));
    const etag = childText(part, 'ETag');
    if (part.name !== 'Part' || !Number.isInteger(number) || etag === undefined) throw malformedXml();
    const checksums = new Map<ChecksumAlgorithm, string>();
    for (const { name, text } of part.children) {
      const algorithm = name.startsWith('Checksum') ? checksumAlgorithm(name.slice('Checksum'.length)) : undefined;
      if (algorithm) checksums.set(algorithm, text);
    }
    return { number, etag: etag.trim().replace(/^"(.*)"$/, '$1'), checksums };
  });
  if (parts.length === 0 || parts.length > MAX_PARTS) throw malformedXml();
  return parts;
}

function chosenParts(upload: MultipartUpload, listed: readonly ListedPart[]): UploadedPart[] {
  const invalid = (one: ListedPart) =>
    new ServiceError(
      'InvalidPart',
      400,
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId: upload.id, PartNumber: String(one.number), ETag: one.etag },
    );
  listed.forEach((one, i) => {
    if (i > 0 && one.number <= listed[i - 1]!.number) {
      throw new ServiceError(
        'InvalidPartOrder',
        400,
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        { UploadId: upload.id },
      );
    }
  });
  const parts = listed.map(one => {
    const part = upload.parts.find(({ number }) => number === one.number);
    if (!part || part.etag !== one.etag) throw invalid(one);
    // An upload without an algorithm keeps no checksums of its parts, though each was checked as it came in.
    for (const [algorithm, value] of upload.checksum ? one.checksums : []) {
      if (upload.checksum?.algorithm !== algorithm || part.checksum !== value) throw invalid(one);
    }
    return part;
  });
  if (upload.checksum?.type === 'COMPOSITE' && listed.some(one => one.checksums.size === 0)) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      `The upload was created using a ${upload.checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${listed.find(one => one.checksums.size === 0)!.number} in the request.`,
    );
  }
  parts.slice(0, -1).forEach(part => {
    if (part.size >= MIN_PART) return;
    throw new ServiceError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(part.size),
      MinSizeAllowed: String(MIN_PART),
      PartNumber: String(part.number),
      ETag: part.etag,
    });
  });
  return parts;
}

/** The object's checksum: of all its bytes, or of its parts' checksums. One that the request gives has to agree. */
async function wholeChecksum(
  call: BucketCall,
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
  version: ObjectVersion,
): Promise<Checksum> {
  const algorithm = upload.checksum?.algorithm ?? 'CRC64NVME';
  const type = upload.checksum?.type ?? 'FULL_OBJECT';
  const running = createChecksum(algorithm);
  if (type === 'COMPOSITE') for (const part of parts) running.update(Buffer.from(part.checksum ?? '', 'base64'));
  else for await (const piece of call.state.read(version)) running.update(piece);
  const plain = running.digest().toString('base64');
  const value = type === 'COMPOSITE' ? `${plain}-${parts.length}` : plain;
  const given = headerOf(call, checksumHeader(algorithm));
  // The value is the object's; the body of this request is not what it speaks of.
  if (given !== undefined && given !== value && given !== plain) throw badChecksum(algorithm);
  return { algorithm, value, type };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortMultipartUpload(call: BucketCall): Promise<SandboxResponse> {
  authorize(call.request, call.bucket, { action: 's3:AbortMultipartUpload', key: call.key });
  await call.state.forgetUpload(call.bucket, findUpload(call));
  return { status: 204 };
}
