import fc from 'fast-check';
import { EXPORT_KEYS } from '../../../src/core/export-settings';

const KEYS = [
  ...Object.values(EXPORT_KEYS),
  'AIRFLOW_ASTRO_SECONDARY_LOGS_REGION',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLE',
  'airflow__astro_secondary_logs__region',
  'AIRFLOW__ASTRO_LOGS__S3_BASE_LOG_FOLDER',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__BASE_LOG_FOLDER',
  '1AIRFLOW__ASTRO_SECONDARY_LOGS__REGION',
  '2 AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN',
  '3: AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN_CMD',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__FROBNICATE',
  'AIRFLOW__ASTRO\u2011SECONDARY_LOGS__REGION',
  'AIRFLOW__LOGGING__REMOTE_LOGGING',
  'ASTRO_CLOUDWATCH_ROLE_ARN',
  'AWS_ACCESS_KEY_ID',
  'OTHER',
  'K',
];

const VALUES = [
  'true',
  'yes',
  'flase',
  '0',
  's3://my-bucket/logs',
  's3://my\u2011bucket/logs',
  's3a://My-Bucket/logs',
  's3:///bucket/x',
  'bucket/logs',
  'https://my-bucket.s3.eu-west-1.amazonaws.com/logs',
  'arn:aws:s3:::my-bucket/logs',
  's3://b/logs?x#y',
  'us-east-1',
  'us\u2011east\u20111',
  'us-esat-1',
  'US_EAST_1',
  'eu-west-1a',
  'cn-north-1',
  'arn:aws:iam::123456789012:role/Logger',
  'arn:aws:iam:123456789012:role/Logger',
  'arn:aws:iam::123456789012:user/me',
  'arn:aws:sts::123456789012:assumed-role/Logger/s',
  'arn:aws:iam::1234-5678-9012:Logger',
  '\u201ctrue\u201d',
  '\u00a0',
  '\u200b',
  '',
  '# secret',
  'x',
];

/** A whole line: one of ours, a near miss, a stranger's, or noise. */
function envLine(): fc.Arbitrary<string> {
  const assignment = fc
    .tuple(
      fc.constantFrom('', '', '', '  ', '\t', 'export ', '# ', '- '),
      fc.constantFrom(...KEYS),
      fc.constantFrom('=', '=', '=', '= ', ' = ', ': ', ':'),
      fc.constantFrom('', '', '', '"', "'"),
      fc.constantFrom(...VALUES),
      fc.constantFrom('', '', '', ' # note', '\t# note', '#glued', ' '),
    )
    .map(([lead, key, separator, quote, value, tail]) => lead + key + separator + quote + value + quote + tail);
  const noise = fc.string({ unit: fc.constantFrom(...'AZaz09_=:#"\' \t\\$-\0\u00a0\u2011\u200bé漢😀'), maxLength: 20 });
  return fc.oneof({ weight: 4, arbitrary: assignment }, { weight: 1, arbitrary: noise });
}

/** Env files of every kind: mixed line ends, BOM, NULs, a last line without an end, plain rubbish. */
export function envText(): fc.Arbitrary<string> {
  const lines = fc
    .tuple(
      fc.constantFrom('', '', '\ufeff'),
      fc.array(fc.tuple(envLine(), fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 12 }),
      fc.oneof(fc.constant(''), envLine()),
    )
    .map(([bom, all, last]) => bom + all.map(([line, eol]) => line + eol).join('') + last);
  return fc.oneof(
    { weight: 5, arbitrary: lines },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  );
}

const PIECES = [
  ...[
    '=',
    '=v',
    ': ',
    '"',
    "'",
    '\\',
    '$',
    '\x24{',
    '}',
    '$X',
    '\x24{X:-',
    ':?}',
    ' ',
    '#',
    ' # secret',
    'x',
    'A=',
    '\u00a0',
  ],
  ...['\n', '\n', '\n', '\r', '\r\n', '\ufeff', 'export ', 'é', '😀', '\0'],
  ...Object.values(EXPORT_KEYS).flatMap(key => [key, `\n${key}=v\n`]),
];

/** Texts that the readers disagree about: quotes, references and line ends in any order, between keys of ours. */
function messyText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 2 }) },
  );
  return fc.array(piece, { maxLength: 25 }).map(all => all.join(''));
}

/** Env files as {@link envText} makes them, messy ones, and both joined. */
export function anyEnvText(): fc.Arbitrary<string> {
  return fc.oneof(
    envText(),
    messyText(),
    fc.tuple(envText(), messyText()).map(([a, b]) => a + b),
  );
}
