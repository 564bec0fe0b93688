// Bundles the extension, the command line, the two parts that both load on first use (the AWS client and the sandbox), what
// the command line loads where there is a proxy, and what the extension loads when there is a file to look at, and when a
// person asks for something.
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lazyEntry, lazyFunctionsPlugin } from './lib/lazy-functions.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const production = process.argv.includes('--production');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Source files that are bundles of their own: `import()` of one becomes a `require` of the bundle beside. */
const lazyBundles = new Map([
  [path.join(root, 'src/aws/open-session.ts'), 'aws'],
  [path.join(root, 'src/aws/proxy-agents.ts'), 'proxy'],
  [path.join(root, 'src/sandbox/start-sandbox.ts'), 'sandbox'],
  [path.join(root, 'src/core/file-tools.ts'), 'files'],
]);

/** @type {import('esbuild').Plugin} */
const lazyBundlePlugin = {
  name: 'lazy-bundles',
  setup(builder) {
    builder.onResolve({ filter: /^\.{1,2}\// }, args => {
      if (args.kind !== 'dynamic-import') return undefined;
      const bundle = lazyBundles.get(path.resolve(args.resolveDir, `${args.path}.ts`));
      return bundle === undefined ? undefined : { path: `./${bundle}.js`, external: true };
    });
  },
};

/**
 * The editor's API as one module of our own. Otherwise each file that imports it makes a copy of its hundreds of names,
 * which is most of what loading the extension would cost.
 *
 * @type {import('esbuild').Plugin}
 */
const vscodeApiPlugin = {
  name: 'vscode-api',
  setup(builder) {
    builder.onResolve({ filter: /^vscode$/ }, args =>
      args.namespace === 'vscode-api'
        ? { path: 'vscode', external: true }
        : { path: 'vscode', namespace: 'vscode-api' },
    );
    builder.onLoad({ filter: /.*/, namespace: 'vscode-api' }, () => {
      const types = readFileSync(path.join(root, 'node_modules/@types/vscode/index.d.ts'), 'utf8');
      const declared = /^\texport (?:abstract )?(?:class|enum|const|namespace) (\w+)/gm;
      const names = [...new Set([...types.matchAll(declared)].map(match => match[1]))];
      const lines = names.map(name => `export const ${name} = api.${name};`);
      return { contents: ["const api = require('vscode');", ...lines].join('\n') };
    });
  },
};

/**
 * All bundles take their texts from one, which is told the person's language once.
 *
 * @type {import('esbuild').Plugin}
 */
const textsPlugin = {
  name: 'texts',
  setup(builder) {
    builder.onResolve({ filter: /^@vscode\/l10n$/ }, () => ({ path: './texts.js', external: true }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  // Its UMD build requires its own files in a way that a bundler doesn't see.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  minify: production,
  keepNames: true,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [lazyBundlePlugin, textsPlugin],
  // A `require`: `import()` would have Node.js look through the whole bundle for what kind of module it is.
  supported: { 'dynamic-import': false },
};

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
/** @type {Map<string, import('./lib/lazy-functions.mjs').LazyBundle>} */
const lazyModules = new Map();
await Promise.all([
  build({
    ...common,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    keepNames: false,
    plugins: [lazyFunctionsPlugin(lazyModules), lazyBundlePlugin, textsPlugin, vscodeApiPlugin],
  }),
  build({ ...common, entryPoints: { cli: 'src/cli/main.ts' }, outdir: 'dist', banner: { js: '#!/usr/bin/env node' } }),
  build({ ...common, entryPoints: { aws: 'src/aws/open-session.ts' }, outdir: 'dist' }),
  build({
    ...common,
    entryPoints: { proxy: 'src/aws/proxy-agents.ts' },
    outdir: 'dist',
    // What it would print where DEBUG is set has a proxy's password in it.
    alias: { ...common.alias, debug: path.join(root, 'scripts/lib/no-debug.cjs') },
  }),
  build({ ...common, entryPoints: { sandbox: 'src/sandbox/start-sandbox.ts' }, outdir: 'dist' }),
  build({ ...common, entryPoints: { texts: '@vscode/l10n' }, outdir: 'dist', plugins: [] }),
]);
await Promise.all([
  build({ ...common, stdin: lazyEntry('files', lazyModules, ['core/file-tools']), outfile: 'dist/files.js' }),
  build({ ...common, stdin: lazyEntry('jobs', lazyModules), outfile: 'dist/jobs.js' }),
]);
chmodSync(path.join(root, 'dist/cli.js'), 0o755);
