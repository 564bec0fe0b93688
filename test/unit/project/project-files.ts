import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../../src/core/finding';
import { kindOf } from '../../../src/core/lint/file-kind';
import { lintFile } from '../../../src/core/lint/lint-files';
import { SourceFiles } from '../../../src/core/lint/source-files';
import { printFinding } from '../lint/print-finding';

/** The files of a project, by path. */
export type ProjectFiles = Readonly<Record<string, string>>;

/** A fixture folder's files, without what is expected of them. */
export function readProject(folder: string): ProjectFiles {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const paths = names.map(entry =>
    path.join(path.relative(folder, entry.parentPath), entry.name).replaceAll('\\', '/'),
  );
  const files = paths.filter(name => name !== 'findings' && !name.endsWith('.fixed')).sort();
  return Object.fromEntries(files.map(name => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

/** The findings of every file. */
export function lintProject(project: ProjectFiles): Map<string, Finding[]> {
  const sources = Object.entries(project).map(([name, text]) => ({ path: name, text }));
  const files = new SourceFiles(sources);
  const found = new Map<string, Finding[]>();
  for (const source of sources) {
    const kind = kindOf(source);
    const findings = kind === undefined ? [] : lintFile(source, kind, files);
    if (findings.length > 0) found.set(source.path, findings);
  }
  return found;
}

/** `file code`, of all files in their order. */
export function codesOf(project: ProjectFiles): string[] {
  return [...lintProject(project)].flatMap(([file, findings]) => findings.map(({ code }) => `${file} ${code}`));
}

/** The findings of every file, each with the text that it points at. */
export function printFindings(project: ProjectFiles): string {
  const printed = [...lintProject(project)].flatMap(([file, findings]) =>
    findings.map(finding => {
      const text = project[file] as string;
      const shown = JSON.stringify(text.slice(finding.range.start, finding.range.end));
      return `${file} ${printFinding(text, finding, ` ${shown}`)}`;
    }),
  );
  return printed.join('');
}
