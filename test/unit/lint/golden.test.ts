import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixAll } from '../../../src/core/fix-all';
import { lintWholeEnv } from './lint-whole-env';
import { printFinding } from './print-finding';

const ROOT = path.join(__dirname, 'fixtures');

/**
 * `mistake*.env` has the findings of the file beside it, and becomes `.fixed`; `silent*.env` resembles it and has no
 * finding of that code, and none at all where no file beside it says so. `npx vitest run --update=all` writes these files anew.
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
  return lintWholeEnv(text)
    .map(finding => printFinding(text, finding))
    .join('');
}

describe.each(readdirSync(ROOT).sort())('%s', code => {
  const { mistakes, silent } = files(code);

  it('has a mistake and two look-alikes', () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(1);
    expect(silent.length).toBeGreaterThanOrEqual(2);
  });

  it.each(mistakes.map(file => [path.basename(file), file]))('%s', async (_name, file) => {
    const text = read(file);
    expect(lintWholeEnv(text).map(finding => finding.code)).toContain(code);
    await expect(printFindings(text)).toMatchFileSnapshot(file.replace(/env$/, 'findings'));
    const { text: fixed } = fixAll(text, lintWholeEnv);
    if (fixed !== text) expect(fixed).toBe(read(file.replace(/env$/, 'fixed')));
  });

  it.each(silent.map(file => [path.basename(file), file]))('%s', async (_name, file) => {
    const text = read(file);
    const findings = file.replace(/env$/, 'findings');
    expect(lintWholeEnv(text).map(finding => finding.code)).not.toContain(code);
    if (existsSync(findings)) await expect(printFindings(text)).toMatchFileSnapshot(findings);
    else expect(printFindings(text)).toBe('');
  });
});
