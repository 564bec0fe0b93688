import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import type { Finding } from '../../../src/core/finding';
import { lintPolicy } from '../../../src/core/iam/lint/lint-policy';
import { SourceFiles } from '../../../src/core/lint/source-files';

export const ROLE = 'arn:aws:iam::123456789012:role/Logs';
export const DEPLOYMENT = 'arn:aws:iam::111122223333:role/astro-deployment-role';

/** An env file that states an export. */
export function envOf(folder: string, more: Partial<Record<keyof typeof EXPORT_KEYS, string>> = {}): string {
  const values = { enabled: 'true', baseLogFolder: folder, ...more };
  return Object.entries(values)
    .map(([name, value]) => `${EXPORT_KEYS[name as keyof typeof EXPORT_KEYS]}=${value}\n`)
    .join('');
}

/** The findings of one policy beside an env file. */
export function lintOne(text: string, env = envOf('s3://acme-logs/prod'), name = 'policy.json'): Finding[] {
  const file = { path: name, text };
  return lintPolicy(file, new SourceFiles([{ path: '.env', text: env }, file]));
}

/** Findings in short: code, what is marked, and what each fix and choice puts in. */
export function show(text: string, findings: readonly Finding[]): string[] {
  return findings.map(({ code, severity, range, fix, alternatives = [] }) => {
    const fixes = [...(fix ? [['fix', fix] as const] : []), ...alternatives.map(each => ['or', each] as const)];
    const written = fixes.map(
      ([word, { edits }]) => ` | ${word} ${edits.map(({ newText }) => newText || '(nothing)').join(' … ')}`,
    );
    return `${severity} ${code}: ${text.slice(range.start, range.end)}${written.join('')}`.replaceAll('\n', '\\n');
  });
}

/** What a text file beside this expects of each row of a table: lines under `## subject: name`. */
export function readSections(file: string): ReadonlyMap<string, readonly string[]> {
  const sections = readFileSync(path.join(__dirname, file), 'utf8').split(/^## /m).slice(1);
  return new Map(
    sections.map(section => {
      const [name = '', ...lines] = section.replace(/\n$/, '').split('\n');
      return [name, lines];
    }),
  );
}
