import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixAll } from '../../../src/core/fix-all';
import { lintProject, printFindings, readProject } from './project-files';

const ROOT = path.join(__dirname, 'fixtures');

/**
 * Each folder is a project: `mistake*` has the findings that it lists, `silent*` resembles it and has none.
 * `npx vitest run --update=all` writes the lists anew.
 */
function projects(code: string): { mistakes: string[]; silent: string[] } {
  const names = readdirSync(path.join(ROOT, code)).sort();
  return {
    mistakes: names.filter(each => each.startsWith('mistake')),
    silent: names.filter(each => each.startsWith('silent')),
  };
}

describe.each(readdirSync(ROOT).sort())('%s', code => {
  const { mistakes, silent } = projects(code);

  it('has a mistake and two look-alikes', () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(1);
    expect(silent.length).toBeGreaterThanOrEqual(2);
  });

  it.each(mistakes)('%s', async name => {
    const folder = path.join(ROOT, code, name);
    const project = readProject(folder);
    const printed = printFindings(project);
    expect(printed).toContain(` ${code} `);
    await expect(printed).toMatchFileSnapshot(path.join(folder, 'findings'));
    for (const file of lintProject(project).keys()) {
      const lint = (text: string) => lintProject({ ...project, [file]: text }).get(file) ?? [];
      const { text } = fixAll(project[file] as string, lint);
      const expected = path.join(folder, `${file}.fixed`);
      expect(text).toBe(existsSync(expected) ? readFileSync(expected, 'utf8') : project[file]);
      expect(lint(text).filter(({ fix }) => fix)).toEqual([]);
    }
  });

  it.each(silent)('%s', name => {
    expect(printFindings(readProject(path.join(ROOT, code, name)))).toBe('');
  });
});
