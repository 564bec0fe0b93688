import { t } from '@vscode/l10n';
import type { TextRange } from '../text/text-range';

/** The parts of `s3://bucket/folder`; ranges count from the start of the text. */
export interface S3Uri {
  readonly bucket: string;
  readonly bucketRange: TextRange;
  /** As written, from the slash behind the bucket on; may be empty. */
  readonly folderRange: TextRange;
  /** The text before `dag_id=…` in every key of this base folder: `''`, or ends in `/`. */
  readonly prefix: string;
}

export interface S3UriProblem {
  readonly problem: string;
  readonly range: TextRange;
}

const SCHEME = 's3://';

/**
 * Reads the one form of base folder that the documentation shows. Airflow joins it with the log's path by a slash
 * where it doesn't end in one, and takes the slashes off the key's beginning; what follows a `?` or `#` would be lost
 * with the whole path of the log.
 * https://github.com/apache/airflow/blob/main/providers/amazon/src/airflow/providers/amazon/aws/hooks/s3.py
 */
export function parseS3Uri(text: string): S3Uri | S3UriProblem {
  if (!text.startsWith(SCHEME)) {
    const scheme = /^[a-z][a-z0-9+.-]*:\/*|^\/+/i.exec(text)?.[0] ?? '';
    const problem =
      scheme === '' ? t('It does not begin with s3://.') : t('It begins with {0} instead of s3://.', scheme);
    return { problem, range: { start: 0, end: scheme.length || text.length } };
  }
  const slash = text.indexOf('/', SCHEME.length);
  const bucketRange = { start: SCHEME.length, end: slash < 0 ? text.length : slash };
  if (bucketRange.start === bucketRange.end) {
    return { problem: t('It names no bucket.'), range: { start: 0, end: text.length } };
  }
  const cut = text.slice(bucketRange.end).search(/[?#]/);
  if (cut >= 0) {
    const start = bucketRange.end + cut;
    const problem = t(
      'Airflow drops what follows {0}, so that every log would get the same key.',
      text[start] as string,
    );
    return { problem, range: { start, end: text.length } };
  }
  const folderRange = { start: bucketRange.end, end: text.length };
  const joined = text.endsWith('/') ? text.slice(folderRange.start) : `${text.slice(folderRange.start)}/`;
  return {
    bucket: text.slice(bucketRange.start, bucketRange.end),
    bucketRange,
    folderRange,
    prefix: joined.replace(/^\/+/, ''),
  };
}
