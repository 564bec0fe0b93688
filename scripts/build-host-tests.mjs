// Bundles each file of test/host for the extension host, which can't read TypeScript.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/paths.mjs';

if (process.argv[1] === import.meta.filename) await bundle('test/host', path.join(root, 'out/test/host'), '.test.ts');

/**
 * Bundles every file of a folder, and of those below, whose name ends so.
 *
 * @param {string} folder
 * @param {string} outDir emptied first
 * @param {string} ending
 */
export async function bundle(folder, outDir, ending) {
  const sourceDir = path.join(root, folder);
  rmSync(outDir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: readdirSync(sourceDir, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith(ending))
      .map(name => path.join(sourceDir, name)),
    outdir: outDir,
    outbase: sourceDir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
