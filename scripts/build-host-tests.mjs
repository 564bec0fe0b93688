// Bundles each file of test/host for the extension host, which can't read TypeScript.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/paths.mjs';

const sourceDir = path.join(root, 'test/host');
const outDir = path.join(root, 'out/test/host');

rmSync(outDir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: readdirSync(sourceDir, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.ts'))
    .map(name => path.join(sourceDir, name)),
  outdir: outDir,
  outbase: sourceDir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'mocha'],
  sourcemap: 'inline',
  logLevel: 'warning',
});
