import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintDeployment } from '../../../src/core/deployment/lint-deployment';
import { fixAll } from '../../../src/core/fix-all';
import { printFindings } from './print-findings';

const ROOT = path.join(__dirname, 'fixtures', 'files');

function files(code: string, kind: string): string[] {
  return readdirSync(path.join(ROOT, code)).filter(name => name.startsWith(kind) && name.endsWith('.yaml'));
}

describe.each(readdirSync(ROOT).sort())('%s', code => {
  it('has a mistake and two look-alikes', () => {
    expect(files(code, 'mistake').length).toBeGreaterThanOrEqual(1);
    expect(files(code, 'silent').length).toBeGreaterThanOrEqual(2);
  });

  it.each(files(code, 'mistake'))('%s', name => {
    const file = path.join(ROOT, code, name);
    const text = readFileSync(file, 'utf8');
    const printed = printFindings(text);
    expect(printed).toContain(` ${code} `);
    expect(printed).toBe(readFileSync(file.replace(/yaml$/, 'findings'), 'utf8'));
    const { text: fixed } = fixAll(text, lintDeployment);
    const expected = file.replace(/yaml$/, 'fixed');
    expect(fixed).toBe(existsSync(expected) ? readFileSync(expected, 'utf8') : text);
    expect(lintDeployment(fixed).filter(({ fix }) => fix)).toEqual([]);
  });

  it.each(files(code, 'silent'))('%s', name => {
    const text = readFileSync(path.join(ROOT, code, name), 'utf8');
    expect(printFindings(text)).toBe('');
    expect(printFindings(text.replaceAll('\n', '\r\n'))).toBe('');
  });
});
