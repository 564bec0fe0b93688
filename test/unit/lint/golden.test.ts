import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixAll } from '../../../src/core/fix-all';
import { LineIndex } from '../../../src/core/text/line-index';
import { lintWholeEnv } from './lint-whole-env';

const ROOT = path.join(__dirname, 'fixtures');

/**
 * `mistake*.env` has the findings of the file beside it, and becomes `.fixed`; `silent*.env` resembles it and has no
 * finding of that code, and none at all where no file beside it says so.
 */
function files(code: string): { mistakes: string[]; silent: string[] } {
  const names = readdirSync(path.join(ROOT, code)).filter(name => name.endsWith('.env'));
  const of = (kind: string) => names.filter(name => name.startsWith(kind)).map(name => path.join(ROOT, code, name));
  return { mistakes: of('mistake'), silent: of('silent') };
}

/** The text of a file; `<65536 times x>` stands for so many. */
function read(file: string): string {
  return readFileSync(file, 'utf8').replace(/<(\d+) times (.)>/g, (_, times: string, what: string) =>
    what.repeat(Number(times)),
  );
}

function printFindings(text: string): string {
  const index = new LineIndex(text);
  const lines = lintWholeEnv(text).map(({ code, severity, range, fix, alternatives = [] }) => {
    const { start, end } = index.rangeAt(range);
    const place = `${start.line}:${start.character}-${end.line}:${end.character}`;
    const extras = `${fix ? ' fixable' : ''}${alternatives.length > 0 ? ` ${alternatives.length} alternatives` : ''}`;
    return `${place} ${severity} ${code}${extras}\n`;
  });
  return lines.join('');
}

describe.each(readdirSync(ROOT).sort())('%s', code => {
  const { mistakes, silent } = files(code);

  it('has a mistake and two look-alikes', () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(1);
    expect(silent.length).toBeGreaterThanOrEqual(2);
  });

  it.each(mistakes.map(file => [path.basename(file), file]))('%s', (_name, file) => {
    const text = read(file);
    expect(lintWholeEnv(text).map(finding => finding.code)).toContain(code);
    expect(printFindings(text)).toBe(readFileSync(file.replace(/env$/, 'findings'), 'utf8'));
    const { text: fixed } = fixAll(text, lintWholeEnv);
    if (fixed !== text) expect(fixed).toBe(read(file.replace(/env$/, 'fixed')));
  });

  it.each(silent.map(file => [path.basename(file), file]))('%s', (_name, file) => {
    const text = read(file);
    const findings = file.replace(/env$/, 'findings');
    expect(lintWholeEnv(text).map(finding => finding.code)).not.toContain(code);
    expect(printFindings(text)).toBe(existsSync(findings) ? readFileSync(findings, 'utf8') : '');
  });
});
