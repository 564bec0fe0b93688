import type { RequestContext } from '../core/iam/decision';
import { validationError } from './constraints';
import type { QueryParams } from './query-service';
import { members } from './query-service';
import { ServiceError } from './service';
import { elements, type XmlElement } from './xml';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The `Tags` of a call. Throws ValidationError or InvalidInput for tags that AWS refuses. */
export function tagsOf(params: QueryParams): Map<string, string> {
  const tags = new Map<string, string>();
  const keys = new Set<string>();
  for (const member of params.members('Tags')) {
    const key = member.get('Key');
    const value = member.get('Value');
    if (key === undefined || value === undefined || key === '' || key.length > 128 || value.length > 256) {
      throw validationError(
        "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have a key of 1 to 128 and a value of at most 256 characters",
      );
    }
    if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value)) {
      throw validationError(
        "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*",
      );
    }
    if (keys.has(key.toLowerCase())) {
      throw new ServiceError(
        'InvalidInput',
        400,
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      );
    }
    keys.add(key.toLowerCase());
    tags.set(key, value);
  }
  return tags;
}

export function tagElements(tags: ReadonlyMap<string, string>): XmlElement[] {
  return members([...tags].map(([Key, Value]) => elements({ Key, Value })));
}

/** What policies see of the tags that a request brings. */
export function requestTagContext(tags: ReadonlyMap<string, string>): RequestContext {
  if (tags.size === 0) return {};
  return {
    'aws:TagKeys': [...tags.keys()],
    ...Object.fromEntries([...tags].map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}
