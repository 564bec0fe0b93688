import { describe, expect, it } from 'vitest';
import { lintEnv } from '../../../src/core/env/lint-env';
import { EXPORT_KEYS, KEY_PREFIX } from '../../../src/core/export-settings';
import type { Finding } from '../../../src/core/finding';
import { applyEdits } from '../../../src/core/text/text-range';

const ENABLED = `${EXPORT_KEYS.enabled}=true\n`;
const FOLDER = `${EXPORT_KEYS.baseLogFolder}=s3://acme-logs/prod\n`;
const REGION = 'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION';

function unknownKey(text: string): Finding {
  const found = lintEnv(text).filter(({ code }) => code === 'unknown-key');
  expect(found).toHaveLength(1);
  return found[0] as Finding;
}

/** What each way out makes of the text. */
function waysOut(text: string, { fix, alternatives = [] }: Finding): { fix?: string; alternatives: string[] } {
  return {
    ...(fix ? { fix: applyEdits(text, fix.edits) } : {}),
    alternatives: alternatives.map(each => applyEdits(text, each.edits)),
  };
}

describe('slips in several places', () => {
  it.each([
    'ARFLOW__ASTRO_SECONDARY_LOGS__AWS_REGION',
    'AIRFLOW__ATRO_SECONDARY_LOGS__AWS_REGION',
    'AIRFLOW__XSTRO_SECONDARY_LOGS__AWS_REGION',
    'AIRFLOW__ASTRX_SECONDARY_LOGS__AWS_REGION',
    'AIRFLOW__ASTRO_SECNDRY_LOGS__AWS_REGION',
    'AIRFLOW__ASTRO_SECONDARY_LGS__AWS_REGION',
    'AIRFLOW__ASTRO_SECONDARY_LOG__AWS_REGION',
    'AIRFLOW__ASTRO_SECONDARY_LOGGING__AWS_REGION',
    'AIRFLOW__ASTRO_SECONDARY_LOGS__AWS_RGION',
    'AIRFLOW__ASTRO_SECONDARY_TASK_LOGS__AWS_REGION',
    'AIRFLOW__ASTRO_SECONDARY_S3_LOGS__AWS_REGION',
    '_AIRFLOW__ASTRO_SECONDARY_LOGS__BUCKET_REGION',
    'AIRFLOW__SECONDARY_TASK_LOGS__AWS_REGION',
    'AIRFLOW__SECONDARY_S3_LOGS__AWS_REGION',
    'AIRFLOW____ASTRO_SECONDARY_LOGS____REGION',
    'AIRFLOW__ASTROSECONDARYLOG__REGION',
    'AIRFLOW__ASTROSECONDARYL__REGION',
    `set  ${REGION}`,
  ])('%s is the region, and may be renamed', name => {
    const text = `${ENABLED}${FOLDER}${name}=us-east-1\n`;
    expect(waysOut(text, unknownKey(text))).toEqual({
      fix: `${ENABLED}${FOLDER}${REGION}=us-east-1\n`,
      alternatives: [],
    });
  });

  it.each(['S3_BASELOGS_FOLDER', 'S3_BASLOG_FOLDR', 'LOG_FOLDER', 'FOLDER_LOG_BASE_S3'])(
    '%s is the folder, and may be renamed',
    name => {
      const text = `${ENABLED}${KEY_PREFIX}${name}=s3://acme-logs/prod\n`;
      expect(waysOut(text, unknownKey(text)).fix).toBe(ENABLED + FOLDER);
    },
  );

  it.each([
    ['REGION_OLD', 'region'],
    ['MAIN_REGION', 'region'],
    ['AWS_ROLE_ARM', 'roleArn'],
    ['S3_BASE_LOG_PATH', 'baseLogFolder'],
    ['S3_LOG_DIRECTORY', 'baseLogFolder'],
    ['PREFIX', 'baseLogFolder'],
  ] as const)('%s may be the %s, so that a person decides', (name, key) => {
    const text = `${ENABLED}${key === 'baseLogFolder' ? '' : FOLDER}${KEY_PREFIX}${name}=x\n`;
    expect(waysOut(text, unknownKey(text))).toEqual({
      alternatives: [text.replace(KEY_PREFIX + name, EXPORT_KEYS[key])],
    });
  });

  it('is not offered where another line has it already', () => {
    const other = `${ENABLED}${FOLDER}${KEY_PREFIX}REGION_OLD=us-east-1\n`;
    for (const line of [`${REGION}=us-east-1\n`, `${KEY_PREFIX}REGIO=us-east-1\n`]) {
      const found = lintEnv(other + line).find(({ range }) => other.slice(range.start, range.end).endsWith('_OLD'));
      expect(found).toMatchObject({ code: 'unknown-key' });
      expect(found?.fix ?? found?.alternatives).toBeUndefined();
    }
  });

  it.each(['ROLE_ARN_CMD', 'ROLE_ARN_SECRET', 'S3_BASE_LOG_FOLDER_CMD', 'ROLE_ARN_SECRT_SECRET'])(
    '%s has no way out but to say it plainly',
    name => {
      const finding = unknownKey(`${ENABLED}${FOLDER}${KEY_PREFIX}${name}=x\n`);
      expect(finding.message).toContain('_CMD and _SECRET variants for sensitive options only');
      expect(finding.fix ?? finding.alternatives).toBeUndefined();
    },
  );

  it.each(['SOMETHING', 'SOMETHING_CMD', 'CMD', 'REGI', 'ACCOUNT'])('%s is like none of the variables', name => {
    const finding = unknownKey(`${ENABLED}${FOLDER}${KEY_PREFIX}${name}=x\n`);
    expect(finding.message).toContain(`The export reads no variable of this name`);
    expect(finding.message).toContain(KEY_PREFIX + name);
    expect(finding.fix ?? finding.alternatives).toBeUndefined();
  });

  it.each([
    'AIRFLOW__AB___ASTRO_SECONDARY_LOGS__REGION',
    'AIRFLOW__ASTRO_SECONDARY_LOGGING__LEVEL',
    'AIRFLOW__PLUGIN_LOGIN__S3_BUCKET_ENABLED',
    'AIRFLOW__ASTRO_XECONDARX_LOGS__AWS_REGION',
    'AIRFLOW__ASTROSECONDARY__REGION',
  ])('%s is something else', name => {
    expect(lintEnv(`${ENABLED}${FOLDER}${name}=x\n`)).toEqual([]);
  });
});

describe('the message says what the slip is', () => {
  const CASE = 'capital letters only';
  const UNDERSCORES = 'by two underscores';
  const SECTION = 'This names another section';
  const OTHER = 'Nothing reads a variable of this name';

  it.each([
    [REGION.toLowerCase(), CASE],
    [`$env:${REGION.toLowerCase()}`, CASE],
    [`""${REGION}""`, OTHER],
    [`\${${REGION}}`, OTHER],
    [`%%${REGION}%%`, OTHER],
    [`$env:${REGION}`, OTHER],
    [`set ${REGION}`, OTHER],
    [`%${REGION}x"y%`, OTHER],
    ['AIRFLOW_ASTRO_SECONDARY_LOGS_REGION', UNDERSCORES],
    ['AIRFLOW__ASTRO_LOGS__REGION', SECTION],
    ['AIRFLOW__ASTRO_SECONDARY_LOGGING__REGION', SECTION],
    ['AIRFLOW__LOGGING__S3_BASE_LOG_FOLDER', SECTION],
    ['AIRFLOW__ASTRO_LOGS__AWS_REGION', OTHER],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__REGIO', OTHER],
  ])('of %s: %s', (name, words) => {
    expect(unknownKey(`${ENABLED}${FOLDER}${name}=us-east-1\n`).message).toContain(words);
  });
});

describe('a misspelt variable', () => {
  const codes = (text: string) => lintEnv(text).map(({ code }) => code);

  it('is judged as the variable where that is not set', () => {
    expect(codes(`${ENABLED}${FOLDER}${KEY_PREFIX}REGIO=us_east_1\n`)).toEqual(['unknown-key', 'bad-region']);
    expect(codes(`${ENABLED}${FOLDER}${KEY_PREFIX}REGION_OLD=us_east_1\n`)).toEqual(['unknown-key']);
    expect(codes(`${ENABLED}${FOLDER}${REGION}=us-east-1\n${KEY_PREFIX}REGIO=us_east_1\n`)).toEqual(['unknown-key']);
  });

  it('stands for the one that is missing, the surest of several', () => {
    const [unsure, sure] = [`${KEY_PREFIX}S3_BASE_LOG_PATH`, `${KEY_PREFIX}S3_LOG_FOLDER`];
    const text = `${ENABLED}${unsure}=s3://acme-logs/a\n${sure}=s3://acme-logs/b\n`;
    const missing = lintEnv(text).find(({ code }) => code === 'missing-key') as Finding;
    expect(text.slice(missing.range.start, missing.range.end)).toBe(sure);
    expect(waysOut(text, missing).fix).toBe(text.replace(sure, EXPORT_KEYS.baseLogFolder));
    const unsureOnly = `${ENABLED}${unsure}=s3://acme-logs/a\n`;
    const alone = lintEnv(unsureOnly).find(({ code }) => code === 'missing-key') as Finding;
    expect(unsureOnly.slice(alone.range.start, alone.range.end)).toBe(unsure);
    expect(alone.fix).toBeUndefined();
  });

  it.each([
    ['a colon', `${REGION}: us-east-1`, `${REGION}=us-east-1`],
    ['a colon behind a slip', `${REGION.toLowerCase()}: us-east-1`, `${REGION.toLowerCase()}=us-east-1`],
    ['a colon behind another name', `${KEY_PREFIX}SOMETHING: x`, `${KEY_PREFIX}SOMETHING=x`],
    ['a line’s number', `12 ${REGION}=us-east-1`, `${REGION}=us-east-1`],
  ])('is put right where it has %s', (_name, line, right) => {
    const text = `${ENABLED}${FOLDER}${line}\n`;
    const found = lintEnv(text).find(({ code }) => code === 'yaml-style-line' || code === 'copied-line-number');
    expect(found && waysOut(text, found).fix).toBe(`${ENABLED}${FOLDER}${right}\n`);
    if (!right.startsWith(REGION)) return;
    const set = lintEnv(`${text}${REGION}=us-east-1\n`).find(({ code }) => code === found?.code);
    expect(set).toBeDefined();
    expect(set?.fix).toBeUndefined();
  });
});
