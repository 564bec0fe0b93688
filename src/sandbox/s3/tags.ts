import type { RequestContext } from '../../core/iam/decision';
import { ServiceError } from '../service';
import { child, childText, element, elements, malformedXml, parseXmlOf, xmlDocument } from '../xml';
import { invalidArgument } from './request';

export type Tags = ReadonlyArray<readonly [string, string]>;

/** The `x-amz-tagging` header, encoded as a query. */
export function parseTagHeader(text: string | undefined): Tags {
  if (!text) return [];
  const tags = [...new URLSearchParams(text)].map(([key, value]) => [key, value] as const);
  try {
    return checkedTags(tags, 10);
  } catch {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      text,
    );
  }
}

/** A `<Tagging>` document. */
export function parseTagging(source: string, limit: number): Tags {
  const set = child(parseXmlOf(source, 'Tagging'), 'TagSet');
  if (!set) throw malformedXml();
  const tags = set.children.map(tag => {
    const key = childText(tag, 'Key');
    const value = childText(tag, 'Value');
    if (tag.name !== 'Tag' || key === undefined || value === undefined) throw malformedXml();
    return [key, value] as const;
  });
  return checkedTags(tags, limit);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function checkedTags(tags: Tags, limit: number): Tags {
  const invalid = (message: string) => new ServiceError('InvalidTag', 400, message);
  if (tags.length > limit) {
    throw new ServiceError('BadRequest', 400, `Object tags cannot be greater than ${limit}`);
  }
  if (new Set(tags.map(([key]) => key)).size < tags.length) {
    throw invalid('Cannot provide multiple Tags with the same key');
  }
  for (const [key, value] of tags) {
    if (key === '' || key.length > 128) throw invalid('The TagKey you have provided is invalid');
    if (value.length > 256) throw invalid('The TagValue you have provided is invalid');
    if (/^aws:/i.test(key)) throw invalid('System tags cannot be added/updated by requester');
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)) throw invalid('The TagKey you have provided is invalid');
  }
  return tags;
}

export function taggingDocument(tags: Tags): string {
  return xmlDocument(
    'Tagging',
    element(
      'TagSet',
      tags.map(([Key, Value]) => element('Tag', elements({ Key, Value }))),
    ),
  );
}

/** Condition keys of the tags a request brings. */
export function requestTagContext(tags: Tags): RequestContext {
  if (tags.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(([key, value]) => [`s3:RequestObjectTag/${key}`, value])),
    's3:RequestObjectTagKeys': tags.map(([key]) => key),
  };
}

/** Condition keys of the tags an object has. */
export function existingTagContext(tags: Tags | undefined): RequestContext {
  return Object.fromEntries((tags ?? []).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));
}
