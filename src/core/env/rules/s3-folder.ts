import { t } from '@vscode/l10n';
import { bucketNameProblem, findBucketNameProblem } from '../../aws-names';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { showValue } from '../../text/show-value';
import type { TextRange } from '../../text/text-range';
import type { ExportVariables } from '../export-variables';
import { hasReference, type JudgedValue } from '../judged-value';
import { parseS3Uri } from '../s3-uri';

/** `bad-s3-uri` and `bad-bucket-name`: where S3_BASE_LOG_FOLDER points to. */
export function findBadFolders({ variables }: ExportVariables): Finding[] {
  return variables.flatMap(({ key, value }) => {
    if (key !== EXPORT_KEYS.baseLogFolder || !value || value.text === '') return [];
    const uri = parseS3Uri(value.text);
    if (!('problem' in uri)) return findBadBucket(value, uri.bucket, uri.bucketRange);
    if (value.text.startsWith('$') && hasReference(value.text)) return [];
    const head = /^s3[an]?:\/\/(?=[^/])/i.exec(value.text)?.[0].length;
    const bucket = head === undefined ? '' : (value.text.slice(head).split(/[/?#]/, 1)[0] as string);
    const range = { start: head ?? 0, end: (head ?? 0) + bucket.length };
    return [badUri(value, uri.problem, uri.range), ...(bucket === '' ? [] : findBadBucket(value, bucket, range))];
  });
}

function findBadBucket(value: JudgedValue, bucket: string, range: TextRange): Finding[] {
  const problem = findBucketNameProblem(bucket);
  if (!problem || hasReference(bucket)) return [];
  const message = t('There can be no such bucket, so no log arrives. {0}', problem.message);
  const small = bucket.toLowerCase();
  const canLower = bucketNameProblem(small) === undefined;
  const fix = canLower ? { fix: lowerFix(value, range, bucket) } : {};
  return [makeFinding('bad-bucket-name', value.rangeOf(range), message, fix)];
}

/** Buckets have had no capital letters since 2018, so the bucket that is meant is the one in small letters. */
function lowerFix(value: JudgedValue, { start }: TextRange, bucket: string): Fix {
  const edits = [...bucket.matchAll(/[A-Z]+/g)].map(match => ({
    range: value.rangeOf({ start: start + match.index, end: start + match.index + match[0].length }),
    newText: match[0].toLowerCase(),
  }));
  return { title: t('Write the bucket in small letters: {0}', showValue(bucket.toLowerCase())), edits };
}

function badUri(value: JudgedValue, problem: string, range: TextRange): Finding {
  const correction = correct(value.text);
  const corrected =
    correction && value.text.slice(0, correction.start) + correction.newText + value.text.slice(correction.end);
  const isRight = corrected !== undefined && !('problem' in parseS3Uri(corrected));
  const fix = isRight && {
    title: t('Write {0}', showValue(corrected)),
    edits: [{ range: value.rangeOf(correction as TextRange), newText: correction?.newText ?? '' }],
  };
  const isCertain = correction?.isCertain;
  const message = t(
    'Airflow finds no bucket in this folder, and no log arrives. {0} It reads s3://bucket/folder.',
    problem,
  );
  // A wrong scheme makes the whole value wrong; what a `?` cuts off is wrong by itself.
  return makeFinding('bad-s3-uri', range.start === 0 ? value.range : value.rangeOf(range), message, {
    ...(fix && isCertain ? { fix } : {}),
    alternatives: fix && !isCertain ? [fix] : [],
  });
}

interface Correction extends TextRange {
  readonly newText: string;
  readonly isCertain: boolean;
}

const LONGEST = 2048;
const AWS_HOST = String.raw`(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu)`;
const VIRTUAL_HOST = new RegExp(
  String.raw`^https?://([a-z0-9.-]+?)\.s3[.-](?:[a-z0-9.-]+\.)?${AWS_HOST}(?::443)?(/|$)`,
  'i',
);
const PATH_HOST = new RegExp(String.raw`^https?://s3[.-](?:[a-z0-9.-]+\.)?${AWS_HOST}(?::443)?/`, 'i');
const ARN = /^arn:aws[a-z-]*:s3:::/;

/** What the value begins with, replaced so that it names the same bucket and folder by `s3://`. */
function correct(text: string): Correction | undefined {
  // Longer than any bucket and key: nothing that was meant as a folder, and nothing to search with patterns.
  if (text.length > LONGEST) return undefined;
  const replaceHead = (length: number, newText = 's3://'): Correction => ({
    start: 0,
    end: length,
    newText,
    isCertain: true,
  });
  const quote = /^["'`](?=s3:\/\/)/.exec(text);
  if (quote) return replaceHead(1, '');
  const scheme = /^s3[an]?(?::\/*|\/\/+)(?=[a-z0-9])/i.exec(text) ?? /^\/\/(?=[a-z0-9])/i.exec(text);
  // `s3:///logs` may be a folder whose bucket was left out.
  if (scheme) return { ...replaceHead(scheme[0].length), isCertain: !/^s3[an]?:\/{3,}[^/]+\/*$/i.test(text) };
  const arn = ARN.exec(text);
  if (arn) {
    const tail = /\/?\*$/.exec(text)?.[0].length ?? 0;
    const kept = text.slice(arn[0].length, text.length - tail);
    return tail === 0 ? replaceHead(arn[0].length) : replaceHead(text.length, `s3://${kept}`);
  }
  const virtual = VIRTUAL_HOST.exec(text);
  if (virtual) return replaceHead(virtual[0].length, `s3://${virtual[1]}${virtual[2]}`);
  const path = PATH_HOST.exec(text);
  if (path) return replaceHead(path[0].length);
  const [first = '', ...folders] = text.split('/');
  if (bucketNameProblem(first) !== undefined) return undefined;
  return { ...replaceHead(0), isCertain: folders.length > 0 };
}
