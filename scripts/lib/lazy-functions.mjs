// Keeps what only commands and views do out of the bundle that activating loads.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const src = path.join(root, 'src');
const features = path.join(src, 'features');

/** By bundle, the folders and files of `src` whose functions features call only when there is something to do. */
const LAZY = {
  /** With `core/file-tools`: what has to do with the text of a file. */
  files: ['core/env', 'core/fix-all', 'core/lint/finding-switch', 'core/lint/lint-at-once'],
  jobs: ['jobs', 'core/deployment', 'core/diagnosis', 'core/iam', 'core/logs', 'core/probe', 'core/report'],
};

/** @typedef {keyof typeof LAZY} LazyBundle */

/**
 * The bundle that a module belongs to; undefined where it is loaded at once.
 *
 * @param {string} module a path below `src`, without `.ts`
 * @returns {LazyBundle | undefined}
 */
function bundleOf(module) {
  const isIn = (/** @type {string} */ part) => module === part || module.startsWith(`${part}/`);
  return /** @type {LazyBundle[]} */ (Object.keys(LAZY)).find(bundle => LAZY[bundle].some(isIn));
}

const relative = (/** @type {string} */ file) => path.relative(src, file).split(path.sep).join('/');

/**
 * In the extension's bundle, a function of {@link LAZY} that a feature imports becomes one that loads its bundle at the
 * first call. Constants stay what they are, and so do types, which a bundle doesn't see.
 *
 * @param {Map<string, LazyBundle>} modules filled with the modules that the other bundles have to hold
 * @returns {import('esbuild').Plugin}
 */
export function lazyFunctionsPlugin(modules) {
  return {
    name: 'lazy-functions',
    setup(builder) {
      builder.onResolve({ filter: /^\.{1,2}\// }, args => {
        if (args.kind !== 'import-statement' || !args.importer.startsWith(features + path.sep)) return undefined;
        const module = relative(path.resolve(args.resolveDir, args.path));
        const bundle = bundleOf(module);
        if (bundle === undefined) return undefined;
        modules.set(module, bundle);
        return { path: module, namespace: 'lazy-functions' };
      });
      builder.onLoad({ filter: /.*/, namespace: 'lazy-functions' }, ({ path: module }) => {
        const text = readFileSync(path.join(src, `${module}.ts`), 'utf8');
        const exported = [...text.matchAll(/^export (?:async )?(function|const|class)\*? (\w+)/gm)];
        const lines = exported.map(([, kind, id]) =>
          kind === 'function'
            ? `export const ${id} = (...given) => require('./${bundleOf(module)}.js')['${module}'].${id}(...given);`
            : `export { ${id} } from './${module}';`,
        );
        return { contents: lines.join('\n'), resolveDir: src };
      });
      builder.onResolve({ filter: /^\.\/(files|jobs)\.js$/ }, args => ({ path: args.path, external: true }));
    },
  };
}

/**
 * The entry of the bundle that holds these modules, and whatever else it has to export.
 *
 * @param {LazyBundle} bundle
 * @param {Map<string, LazyBundle>} modules
 * @param {readonly string[]} others
 * @returns {import('esbuild').StdinOptions}
 */
export function lazyEntry(bundle, modules, others = []) {
  const own = [...modules.keys()].filter(module => modules.get(module) === bundle).sort();
  const lines = [
    ...own.map(module => `export * as '${module}' from './${module}';`),
    ...others.map(module => `export * from './${module}';`),
  ];
  return { contents: lines.join('\n'), resolveDir: src, sourcefile: `${bundle}.ts`, loader: 'ts' };
}
