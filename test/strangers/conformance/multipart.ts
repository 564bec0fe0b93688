import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Api, s3Guide } from './docs';
import { told } from './wire';
import type { World } from './world';

const MB = 1024 * 1024;
const COMPLETE = s3Api('API_CompleteMultipartUpload');
const UPLOAD = s3Api('API_UploadPart');

/** An upload on its way. */
class Upload {
  private constructor(
    private readonly world: World,
    readonly bucket: string,
    readonly id: string,
  ) {}

  static async begin(world: World, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<Upload> {
    const Bucket = await world.bucket();
    const { UploadId } = await world.s3().send(new CreateMultipartUploadCommand({ Bucket, Key: 'big', ...more }));
    return new Upload(world, Bucket, UploadId!);
  }

  private get names() {
    return { Bucket: this.bucket, Key: 'big', UploadId: this.id };
  }

  async part(PartNumber: number, Body: Uint8Array | string) {
    const { ETag } = await this.world.s3().send(new UploadPartCommand({ ...this.names, PartNumber, Body }));
    return { PartNumber, ETag: ETag! };
  }

  async copyPart(PartNumber: number, CopySource: string, CopySourceRange?: string) {
    const command = new UploadPartCopyCommand({ ...this.names, PartNumber, CopySource, CopySourceRange });
    return { PartNumber, ETag: (await this.world.s3().send(command)).CopyPartResult!.ETag! };
  }

  complete(Parts: { PartNumber: number; ETag: string }[], more: object = {}) {
    const command = new CompleteMultipartUploadCommand({ ...this.names, MultipartUpload: { Parts }, ...more });
    return this.world.s3().send(command);
  }

  parts() {
    return this.world.s3().send(new ListPartsCommand(this.names));
  }

  abort() {
    return this.world.s3().send(new AbortMultipartUploadCommand(this.names));
  }

  async size() {
    const { ContentLength } = await this.world.s3().send(new HeadObjectCommand({ Bucket: this.bucket, Key: 'big' }));
    return ContentLength;
  }
}

const five = (fill: string) => Buffer.alloc(5 * MB, fill);

export const MULTIPART: readonly Behaviour[] = [
  {
    id: 'multipart: parts in order become one object',
    docs: COMPLETE,
    async run(world) {
      const upload = await Upload.begin(world, { ContentType: 'text/plain', Metadata: { run: '1' } });
      const second = await upload.part(2, 'end');
      const first = await upload.part(1, five('a'));
      const { ETag } = await upload.complete([first, second]);
      const found = await world
        .s3()
        .send(new GetObjectCommand({ Bucket: upload.bucket, Key: 'big', Range: 'bytes=-4' }));
      return {
        etag: /^"[0-9a-f]{32}-2"$/.test(ETag!),
        size: await upload.size(),
        end: await found.Body!.transformToString(),
        type: found.ContentType,
        metadata: found.Metadata,
      };
    },
    expected: { etag: true, size: 5 * MB + 3, end: 'aend', type: 'text/plain', metadata: { run: '1' } },
  },
  {
    id: 'multipart: nothing is there before it is complete',
    docs: s3Guide('mpuoverview'),
    async run(world) {
      const upload = await Upload.begin(world);
      await upload.part(1, 'x');
      return refusal(upload.size());
    },
    expected: '404 NotFound',
  },
  {
    id: 'multipart: a part sent twice counts once, as sent last',
    docs: UPLOAD,
    async run(world) {
      const upload = await Upload.begin(world);
      await upload.part(1, 'first');
      await upload.complete([await upload.part(1, 'second')]);
      return world.text(upload.bucket, 'big');
    },
    expected: 'second',
  },
  {
    id: 'multipart: part numbers may have gaps, and parts may be left out',
    docs: UPLOAD,
    async run(world) {
      const upload = await Upload.begin(world);
      await upload.part(3, 'left out');
      await upload.complete([await upload.part(7, 'kept')]);
      return world.text(upload.bucket, 'big');
    },
    expected: 'kept',
  },
  {
    id: 'multipart: a part under 5 MiB that isn’t the last',
    docs: COMPLETE,
    async run(world) {
      const upload = await Upload.begin(world);
      return refusal(upload.complete([await upload.part(1, 'small'), await upload.part(2, 'x')]));
    },
    expected: '400 EntityTooSmall',
  },
  {
    id: 'multipart: parts out of order',
    docs: COMPLETE,
    async run(world) {
      const upload = await Upload.begin(world);
      const parts = [await upload.part(1, five('a')), await upload.part(2, five('b'))];
      return refusal(upload.complete(parts.reverse()));
    },
    expected: '400 InvalidPartOrder',
  },
  {
    id: 'multipart: a part with another ETag',
    docs: COMPLETE,
    async run(world) {
      const upload = await Upload.begin(world);
      await upload.part(1, 'x');
      return refusal(upload.complete([{ PartNumber: 1, ETag: '"00000000000000000000000000000000"' }]));
    },
    expected: '400 InvalidPart',
  },
  {
    id: 'multipart: a part that was never sent',
    docs: COMPLETE,
    async run(world) {
      const upload = await Upload.begin(world);
      const { ETag } = await upload.part(1, 'x');
      return refusal(upload.complete([{ PartNumber: 2, ETag }]));
    },
    expected: '400 InvalidPart',
  },
  {
    id: 'multipart: no parts at all',
    docs: COMPLETE,
    async run(world) {
      const upload = await Upload.begin(world);
      return refusal(upload.complete([]));
    },
    expected: '400 MalformedXML',
  },
  ...[0, 10_001].map(
    (number): Behaviour => ({
      id: `multipart: part number ${number}`,
      docs: UPLOAD,
      async run(world) {
        const upload = await Upload.begin(world);
        const path = `/${upload.bucket}/big?partNumber=${number}&uploadId=${encodeURIComponent(upload.id)}`;
        return told(await world.wire.signed('PUT', path, { body: 'x' }));
      },
      expected: '400 InvalidArgument',
    }),
  ),
  {
    id: 'multipart: what was sent is listed',
    docs: s3Api('API_ListParts'),
    async run(world) {
      const upload = await Upload.begin(world);
      const sent = [await upload.part(1, 'abc'), await upload.part(2, 'de')];
      const { Parts } = await upload.parts();
      return {
        sizes: Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
        isSame: Parts?.every(({ ETag }, place) => ETag === sent[place]!.ETag),
      };
    },
    expected: {
      sizes: [
        [1, 3],
        [2, 2],
      ],
      isSame: true,
    },
  },
  {
    id: 'multipart: uploads on their way are listed',
    docs: s3Api('API_ListMultipartUploads'),
    async run(world) {
      const upload = await Upload.begin(world);
      const { Uploads } = await world.s3().send(new ListMultipartUploadsCommand({ Bucket: upload.bucket }));
      return Uploads?.map(({ Key, UploadId }) => [Key, UploadId === upload.id]);
    },
    expected: [['big', true]],
  },
  {
    id: 'multipart: one that was given up is gone',
    docs: s3Api('API_AbortMultipartUpload'),
    async run(world) {
      const upload = await Upload.begin(world);
      const part = await upload.part(1, 'x');
      await upload.abort();
      return [await refusal(upload.part(2, 'y')), await refusal(upload.complete([part]))];
    },
    expected: ['404 NoSuchUpload', '404 NoSuchUpload'],
  },
  {
    id: 'multipart: giving up an unknown one is NoSuchUpload',
    docs: s3Api('API_AbortMultipartUpload'),
    async run(world) {
      const upload = await Upload.begin(world);
      await upload.abort();
      return refusal(upload.abort());
    },
    expected: '404 NoSuchUpload',
  },
  {
    id: 'multipart: a part copied from a range of another object',
    docs: s3Api('API_UploadPartCopy'),
    async run(world) {
      const source = await world.bucketWith({ from: '0123456789' });
      const upload = await Upload.begin(world);
      await upload.complete([await upload.copyPart(1, `${source}/from`, 'bytes=2-5')]);
      return world.text(upload.bucket, 'big');
    },
    expected: '2345',
  },
  {
    id: 'multipart: one part can be read alone',
    docs: s3Api('API_GetObject'),
    async run(world) {
      const upload = await Upload.begin(world);
      await upload.complete([await upload.part(1, five('a')), await upload.part(2, 'end')]);
      const command = new GetObjectCommand({ Bucket: upload.bucket, Key: 'big', PartNumber: 2 });
      const { Body, PartsCount, ContentRange } = await world.s3().send(command);
      const text = await Body!.transformToString();
      return { text: text.slice(-5), length: text.length, PartsCount, ContentRange };
    },
    expected: { text: 'end', length: 3, PartsCount: 2, ContentRange: `bytes ${5 * MB}-${5 * MB + 2}/${5 * MB + 3}` },
  },
  {
    id: 'multipart: If-None-Match: * when it is completed',
    docs: s3Guide('conditional-writes'),
    async run(world) {
      const upload = await Upload.begin(world);
      await world.put(upload.bucket, 'big', 'was here');
      const got = await refusal(upload.complete([await upload.part(1, 'x')], { IfNoneMatch: '*' }));
      return [got, await world.text(upload.bucket, 'big')];
    },
    expected: ['412 PreconditionFailed', 'was here'],
  },
];
