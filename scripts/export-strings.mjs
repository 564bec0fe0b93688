// Writes l10n/bundle.l10n.json: every text of the sources, for translators. `--check` only says whether it is up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import { root } from './lib/paths.mjs';

const bundleFile = path.join(root, 'l10n/bundle.l10n.json');

const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort()
  .map(name => ({
    extension: '.ts',
    contents: withNamespaceImport(readFileSync(path.join(root, 'src', name), 'utf8')),
  }));
const strings = Object.entries(await getL10nJson(files)).sort(([a], [b]) => (a < b ? -1 : 1));
const bundle = `${JSON.stringify(Object.fromEntries(strings), null, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(bundleFile, bundle);
} else if (readFileSync(bundleFile, 'utf8') !== bundle) {
  console.error('l10n/bundle.l10n.json is out of date; run npm run export-strings.');
  process.exitCode = 1;
}

/**
 * The extractor knows `l10n.t('…')` only, not the named import of `t`.
 *
 * @param {string} source
 */
function withNamespaceImport(source) {
  const named = /import \{ t \} from '@vscode\/l10n';/;
  if (!named.test(source)) return source;
  return source.replace(named, "import * as l10n from '@vscode/l10n';").replace(/(?<![\w.$])t\(/g, 'l10n.t(');
}
