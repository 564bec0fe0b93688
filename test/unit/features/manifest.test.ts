import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FINDINGS } from '../../../src/core/finding-table';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const manifest = JSON.parse(read('package.json'));
const texts: Record<string, string> = JSON.parse(read('package.nls.json'));

describe('the manifest', () => {
  it('has a text for each of its places, and no other', () => {
    const used = [...read('package.json').matchAll(/"%([\w.-]+)%"/g)].map(match => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
  });

  it('names only commands that it contributes in menus, welcome contents and walkthroughs', () => {
    const commands = new Set(manifest.contributes.commands.map(({ command }: { command: string }) => command));
    const named = [
      ...Object.values<{ command: string }[]>(manifest.contributes.menus).flatMap(items =>
        items.map(item => item.command),
      ),
      ...Object.values(texts).flatMap(text =>
        [...text.matchAll(/command:(astroLogExport\.(?!logs|health)\w+)/g)].map(match => match[1]),
      ),
    ];
    expect(named.filter(command => !commands.has(command))).toEqual([]);
  });

  it('knows every finding in the setting of severities, and no other', () => {
    const { propertyNames } = manifest.contributes.configuration.properties['astroLogExport.findings.severity'];
    expect([...propertyNames.enum].sort()).toEqual(Object.keys(FINDINGS).sort());
  });

  it('activates for no more than it has to', () => {
    for (const event of manifest.activationEvents) {
      expect(event).not.toMatch(/^\*|onLanguage:json|workspaceContains:.*\*\*/);
    }
  });

  it('brings snippets that are valid once their tab stops are filled in', () => {
    const policies = JSON.parse(read('snippets/policies.json'));
    for (const { body } of Object.values<{ body: string[] }>(policies)) {
      const filled = body
        .join('\n')
        .replace(/\$\{\d+:([^}]*)\}/g, '$1')
        .replace(/\$0/g, '');
      expect(JSON.parse(filled).Version).toBe('2012-10-17');
    }
    const env = JSON.parse(read('snippets/env.json'));
    for (const { body } of Object.values<{ body: string[] }>(env)) {
      for (const line of body) expect(line).toMatch(/^AIRFLOW__ASTRO_SECONDARY_LOGS__[A-Z0-9_]+=\S+$/);
    }
  });
});
