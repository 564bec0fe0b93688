// Writes the README's list of findings from src/core/finding-table.ts: every code that a rule gives.
// `--check` changes nothing and fails where the list is not the table's.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const tableFile = path.join(root, 'src/core/finding-table.ts');
const readme = path.join(root, 'README.md');
const START = '<!-- findings: written by npm run export-findings -->';
const END = '<!-- /findings -->';

const bundle = await build({ entryPoints: [tableFile], bundle: true, format: 'esm', write: false });
const code = bundle.outputFiles.map(file => file.text).join('');
const { FINDINGS } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const rules = readdirSync(path.join(root, 'src/core'), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name !== path.basename(tableFile))
  .map(entry => readFileSync(path.join(entry.parentPath ?? entry.path, entry.name), 'utf8'))
  .join('\n');

const rows = Object.entries(FINDINGS)
  .filter(([name]) => rules.includes(`'${name}'`))
  .map(([name, row]) => `| [\`${name}\`](${row.docs}) | ${row.severity} | ${row.summary} | ${row.fix ? 'yes' : ''} |`);
const list = [START, '', '| code | severity | what it finds | fix |', '|---|---|---|---|', ...rows, '', END].join('\n');

const text = readFileSync(readme, 'utf8');
const start = text.indexOf(START);
const end = text.indexOf(END);
if (start < 0 || end < start) throw new Error(`README.md lacks the lines ${START} and ${END}`);
const wanted = text.slice(0, start) + list + text.slice(end + END.length);
if (wanted === text) process.exit(0);
if (process.argv.includes('--check')) {
  console.error('The list of findings in README.md is not the table: run npm run export-findings.');
  process.exit(1);
}
writeFileSync(readme, wanted);
