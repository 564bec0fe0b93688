import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding, Fix } from '../../../src/core/finding';
import { fixAll } from '../../../src/core/fix-all';
import { kindOf } from '../../../src/core/lint/file-kind';
import { lintFile } from '../../../src/core/lint/lint-files';
import type { SourceFile } from '../../../src/core/lint/source-file';
import { SourceFiles } from '../../../src/core/lint/source-files';
import { LineIndex } from '../../../src/core/text/line-index';
import type { TextRange } from '../../../src/core/text/text-range';

const ROOT = path.join(__dirname, 'fixtures');
/** Codes that env files have too; their fixtures for these lie with the others of env files. */
const ALSO_IN_ENV = ['non-ascii', 'partition-mismatch'];

/**
 * A case is a folder of files that are linted together. `mistake*` has the findings of its `expected.txt`, with their words
 * and what each fix writes, and each file that the fixes change becomes its `.fixed`; `silent*` resembles a mistake and has none.
 */
function casesOf(code: string, kind: string): string[] {
  return readdirSync(path.join(ROOT, code)).filter(name => name.startsWith(kind));
}

function readCase(folder: string): SourceFiles {
  const files: SourceFile[] = [];
  const read = (below: string) => {
    for (const name of readdirSync(path.join(folder, below)).sort()) {
      const relative = path.posix.join(below, name);
      const absolute = path.join(folder, relative);
      if (statSync(absolute).isDirectory()) read(relative);
      else if (!/expected\.txt$|\.fixed$/.test(name))
        files.push({ path: relative, text: readFileSync(absolute, 'utf8') });
    }
  };
  read('');
  return new SourceFiles(files);
}

function lint(file: SourceFile, files: SourceFiles) {
  const kind = kindOf(file);
  return kind ? lintFile(file, kind, files) : [];
}

function print(files: SourceFiles): string {
  const indexes = new Map(files.all.map(({ path, text }) => [path, new LineIndex(text)]));
  return files.all
    .flatMap(file => lint(file, files).map(finding => printFinding(file.path, finding, indexes)))
    .join('');
}

/** A finding on a line; under it what a person reads, and what each fix would write. */
function printFinding(path: string, finding: Finding, indexes: ReadonlyMap<string, LineIndex>): string {
  const { code, severity, message, range, fix, alternatives = [], related = [] } = finding;
  const place = (at: TextRange, file = path) => {
    const { start, end } = (indexes.get(file) as LineIndex).rangeAt(at);
    return `${start.line}:${start.character}-${end.line}:${end.character}`;
  };
  const printFix = (word: string, { title, edits }: Fix) =>
    `${word} ${title}: ${edits.map(edit => `${place(edit.range)} ${JSON.stringify(edit.newText)}`).join(', ')}`;
  return [
    `${path} ${place(range)} ${severity} ${code}`,
    message,
    ...related.map(each => `-> ${each.file ?? path} ${place(each.range, each.file)} ${each.message}`),
    ...(fix ? [printFix('fix', fix)] : []),
    ...alternatives.map(each => printFix('or', each)),
  ]
    .map((line, i) => `${i === 0 ? '' : '  '}${line}\n`)
    .join('');
}

describe.each(readdirSync(ROOT).sort())('%s', code => {
  it('has a mistake and two look-alikes', () => {
    expect(casesOf(code, 'mistake').length).toBeGreaterThanOrEqual(1);
    expect(casesOf(code, 'silent').length).toBeGreaterThanOrEqual(ALSO_IN_ENV.includes(code) ? 1 : 2);
  });

  it.each(casesOf(code, 'mistake'))('%s', name => {
    const folder = path.join(ROOT, code, name);
    const files = readCase(folder);
    const expected = readFileSync(path.join(folder, 'expected.txt'), 'utf8');
    expect(expected).toContain(` ${code}`);
    expect(print(files)).toBe(expected);
    for (const file of files.all) {
      const { text } = fixAll(file.text, current => {
        const changed = { path: file.path, text: current };
        return lint(changed, files.with(changed));
      });
      const fixed = path.join(folder, `${file.path}.fixed`);
      expect(text).toBe(existsSync(fixed) ? readFileSync(fixed, 'utf8') : file.text);
    }
  });

  it.each(casesOf(code, 'silent'))('%s', name => {
    expect(print(readCase(path.join(ROOT, code, name)))).toBe('');
  });
});
