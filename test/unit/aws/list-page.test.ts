import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanListPage } from '../../../src/aws/list-page';

const page = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>logs/</Prefix>${inner}</ListBucketResult>`;

const contents = (key: string, rest = '') =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-23T06:48:54.000Z</LastModified><ETag>&quot;abc&quot;</ETag>${rest}<Size>12</Size><StorageClass>STANDARD</StorageClass></Contents>`;

describe('scanListPage', () => {
  it('reads objects, groups, and where the next page begins', () => {
    const xml = page(
      '<EncodingType>url</EncodingType><KeyCount>3</KeyCount><IsTruncated>true</IsTruncated>' +
        '<NextContinuationToken>1/a&amp;b==</NextContinuationToken>' +
        contents('logs/run_id%3Dmanual__2026-11-23T06%3A48%3A54%2B00%3A00/a+b.log') +
        contents('logs/%E6%97%A5.log', '<Owner><ID>1</ID><DisplayName>x</DisplayName></Owner>') +
        '<CommonPrefixes><Prefix>logs/dag_id%3Da/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>logs/dag_id%3Db/</Prefix></CommonPrefixes>',
    );
    expect(scanListPage(xml)).toEqual({
      objects: ['logs/run_id=manual__2026-11-23T06:48:54+00:00/a b.log', 'logs/日.log'].map(key => ({
        key,
        size: 12,
        etag: 'abc',
        lastModified: new Date('2026-11-23T06:48:54Z'),
      })),
      commonPrefixes: ['logs/dag_id=a/', 'logs/dag_id=b/'],
      isTruncated: true,
      continuationToken: '1/a&b==',
    });
  });

  it('reads an empty listing', () => {
    expect(scanListPage(page('<IsTruncated>false</IsTruncated>'))).toEqual({
      objects: [],
      commonPrefixes: [],
      isTruncated: false,
      continuationToken: undefined,
    });
  });

  it('takes keys as they stand where the server does not encode them', () => {
    const xml = page(contents('a%20b+c &amp; &#x65E5;&lt;d&gt;'));
    expect(scanListPage(xml).objects[0]?.key).toBe('a%20b+c & 日<d>');
  });

  it('gives back any key that was url-encoded', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), keys => {
        const encoded = keys.map(key =>
          contents(encodeURIComponent(key).replaceAll('%20', '+').replaceAll("'", '%27')),
        );
        const xml = page(`<EncodingType>url</EncodingType>${encoded.join('')}`);
        expect(scanListPage(xml).objects.map(object => object.key)).toEqual(keys);
      }),
    );
  });
});
