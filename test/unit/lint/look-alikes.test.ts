import { describe, expect, it } from 'vitest';
import { judgeText } from '../../../src/core/env/judged-value';
import { lintEnv } from '../../../src/core/env/lint-env';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import { fixAll } from '../../../src/core/fix-all';
import { applyEdits } from '../../../src/core/text/text-range';

const ENABLED = `${EXPORT_KEYS.enabled}=true\n`;
const FOLDER = `${EXPORT_KEYS.baseLogFolder}=s3://acme-logs/prod\n`;
const region = (value: string) => `${ENABLED}${FOLDER}${EXPORT_KEYS.region}=${value}\n`;
const folder = (value: string) => `${ENABLED}${EXPORT_KEYS.baseLogFolder}=${value}\n`;

/** `code text` of each finding. */
function print(text: string): string[] {
  return lintEnv(text).map(({ code, range }) => `${code} ${text.slice(range.start, range.end)}`);
}

describe('look-alikes in a value', () => {
  it.each<[string, string, string[], string]>([
    ['blanks round it', '\u00a0\u00a0us-east-1\u2003', ['\u00a0\u00a0', '\u2003'], 'us-east-1'],
    ['quotes round it', '\u201cus-east-1\u201d', ['\u201c', '\u201d'], 'us-east-1'],
    ['single quotes', '\u2018us-east-1\u2019', ['\u2018', '\u2019'], 'us-east-1'],
    ['blanks, then quotes', '\u00a0\u201cus-east-1\u201d\u00a0', ['\u00a0', '\u201c', '\u201d', '\u00a0'], 'us-east-1'],
    ['a zero-width space at the end', 'us-east-1\u200b', ['\u200b'], 'us-east-1'],
    ['hyphens in quotes', '"us\u2011east\u20111"', ['\u2011', '\u2011'], '"us-east-1"'],
    ['letters', 'us-\u0435ast-1', ['\u0435'], 'us-east-1'],
    ['full width', 'us-\uff45\uff41st-1', ['\uff45', '\uff41'], 'us-east-1'],
    ['a comment', 'us\u2011east-1 # c', ['\u2011'], 'us-east-1 # c'],
  ])('are all that is wrong with it: %s', (_name, value, shown, right) => {
    const text = region(value);
    expect(print(text)).toEqual(shown.map(each => `non-ascii ${each}`));
    expect(fixAll(text, lintEnv).text).toBe(region(right));
  });

  it.each([
    ['\u2011us-east-1\u2011', '-us-east-1-'],
    ['\u201c', '"'],
    ['\u201cus-east-1', '"us-east-1'],
    ['us\u00a0east-1', 'us east-1'],
  ])('of %j become %s', (value, right) => {
    const text = region(value);
    const edits = lintEnv(text).flatMap(({ code, fix }) => (code === 'non-ascii' && fix ? fix.edits : []));
    expect(applyEdits(text, edits)).toBe(region(right));
  });

  it.each<[string, string, string[]]>([
    ['a hyphen at its beginning', '\u2011us-east-1', ['bad-region \u2011us-east-1', 'non-ascii \u2011']],
    ['a blank in it', 'us\u00a0east-1', ['bad-region us\u00a0east-1', 'non-ascii \u00a0']],
    ['one quote', '\u201cus-east-1', ['bad-region \u201cus-east-1', 'non-ascii \u201c']],
    ['nothing else', '\u201c\u201d', ['empty-value \u201c\u201d', 'non-ascii \u201c\u201d']],
  ])('leave what else is wrong: %s', (_name, value, found) => {
    expect(print(region(value)).sort()).toEqual(found.sort());
  });

  it.each<[string, string, string[], string]>([
    ['letters of the bucket', 's3://acm\u0435-logs/x', ['\u0435'], 's3://acme-logs/x'],
    ['no letters of the folder', 's3://acme-logs/\u0430\u0435', [], 's3://acme-logs/\u0430\u0435'],
    ['the slash behind the bucket', 's3://acme-logs\uff0fx', ['\uff0f'], 's3://acme-logs/x'],
    [
      'the slashes before it',
      's3:\uff0f\uff0facm\u0435\uff0f\u0435',
      ['\uff0f\uff0f', '\u0435', '\uff0f'],
      's3://acme/\u0435',
    ],
    ['signs of the folder', 's3://acme-logs/a\u2013b', ['\u2013'], 's3://acme-logs/a-b'],
    ['a blank within it', 's3://acme-logs/a\u00a0b', ['\u00a0'], 's3://acme-logs/a b'],
    ['a hyphen at its end', 's3://acme-logs/a\u2011', ['\u2011'], 's3://acme-logs/a-'],
  ])('of a folder are %s', (_name, value, shown, right) => {
    const text = folder(value);
    expect(print(text)).toEqual(shown.map(each => `non-ascii ${each}`));
    expect(fixAll(text, lintEnv).text).toBe(folder(right));
  });

  it('are one finding each up to a hundred, and one for all of more', () => {
    const few = folder(`s3://acme-logs/${'x\u2011'.repeat(100)}`);
    expect(lintEnv(few)).toHaveLength(100);
    const many = folder(`s3://acme-logs/${'x\u2011'.repeat(101)}`);
    const [finding, ...others] = lintEnv(many);
    expect(others).toEqual([]);
    expect(finding?.code).toBe('non-ascii');
    expect(many.slice(finding?.range.start, finding?.range.end)).toBe(`\u2011${'x\u2011'.repeat(100)}`);
    expect(finding?.fix?.title).toBe('Replace them all');
    expect(applyEdits(many, finding?.fix?.edits ?? [])).toBe(folder(`s3://acme-logs/${'x-'.repeat(101)}`));
  });

  it('point back to where a format has the value', () => {
    const place = (part: { start: number; end: number }) => ({ start: part.start + 10, end: part.end + 10 });
    const judged = judgeText('\u00a0us\u2011east-1', EXPORT_KEYS.region, place);
    expect(judged).toMatchObject({ text: 'us-east-1', range: { start: 10, end: 20 } });
    expect(judged.lookAlikes.map(({ start, end, replacement }) => [start, end, replacement])).toEqual([
      [10, 11, ''],
      [13, 14, '-'],
    ]);
    expect(judged.rangeOf({ start: 3, end: 7 })).toEqual({ start: 14, end: 18 });
    expect(judgeText('\u0430\u2011', undefined, place).text).toBe('\u0430-');
  });
});

describe('look-alikes in a name', () => {
  const NAME = EXPORT_KEYS.region;

  it.each<[string, string, string[]]>([
    ['a blank before it', `\u00a0${NAME}`, ['\u00a0']],
    ['two blanks before it', `\u00a0\u00a0${NAME}`, ['\u00a0\u00a0']],
    ['a zero-width space in it', NAME.replace('ASTRO', 'AS\u200bTRO'), ['\u200b']],
    ['a Cyrillic letter', NAME.replace('A', '\u0410'), ['\u0410']],
    ['full-width underscores', NAME.replace('__', '\uff3f\uff3f'), ['\uff3f\uff3f']],
    ['a blank behind a word', `set\u00a0${NAME}`, ['unknown-key', '\u00a0']],
  ])('are what is wrong with it: %s', (_name, name, shown) => {
    const text = `${ENABLED}${FOLDER}${name}=us-east-1\n`;
    const found = lintEnv(text).map(({ code, range }) =>
      code === 'non-ascii' ? text.slice(range.start, range.end) : code,
    );
    expect(found).toEqual(shown);
    expect(fixAll(text, lintEnv).text).toBe(`${ENABLED}${FOLDER}${NAME}=us-east-1\n`);
  });

  it('keep a blank between two words', () => {
    const text = `${ENABLED}${FOLDER}set\u00a0${NAME}=us-east-1\n`;
    const blank = lintEnv(text).find(({ code }) => code === 'non-ascii');
    expect(applyEdits(text, blank?.fix?.edits ?? [])).toBe(`${ENABLED}${FOLDER}set ${NAME}=us-east-1\n`);
  });

  it('are told once of the marks at the beginning of a file, however many', () => {
    const text = `\ufeff\ufeff${NAME.replace('ASTRO', 'AS\u200bTRO')}=us-east-1\n${ENABLED}${FOLDER}`;
    expect(print(text)).toEqual(['non-ascii \ufeff\ufeff', 'non-ascii \u200b']);
    expect(fixAll(text, lintEnv).text).toBe(`${NAME}=us-east-1\n${ENABLED}${FOLDER}`);
    expect(print(`${ENABLED}\ufeff${FOLDER}`)).toEqual(['non-ascii \ufeff']);
  });
});
