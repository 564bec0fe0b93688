// Checks what is published: the manifest, and that the two packages hold what belongs in them and nothing else.
import './lib/node-version.mjs';
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { extensionVsix, packageExtension } from './lib/package-extension.mjs';
import { root } from './lib/paths.mjs';
import { endProcesses, onInterrupt, runNpm, runProcess } from './lib/processes.mjs';

const MAX_VSIX_BYTES = 1.5 * 1024 * 1024;

const IN_BOTH = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/aws.js',
  'dist/sandbox.js',
  'dist/texts.js',
];
const IN_VSIX = [...IN_BOTH, 'package.nls.json', 'dist/extension.js', 'dist/files.js', 'dist/jobs.js'];
const IN_NPM = [...IN_BOTH, 'dist/cli.js', 'dist/proxy.js'];
/** Folders of the vsix whose files come and go; each holds only these kinds. */
const VSIX_FOLDERS =
  /^(media\/.*\.(svg|png|md)|snippets\/[^/]+\.json|l10n\/bundle\.l10n(\.[\w-]+)?\.json|package\.nls\.[\w-]+\.json)$/;

const manifest = readJson('package.json');
const temporary = mkdtempSync(path.join(tmpdir(), 'packages-'));
onInterrupt(endProcesses);
const counts = { passed: 0, failed: 0 };

await check('nothing is needed at run time, and .vscodeignore and .npmignore decide what is packaged', () => {
  assert.deepEqual(manifest.dependencies ?? {}, {});
  assert.equal(manifest.files, undefined);
});
await check('engines.vscode is the version of @types/vscode', () => {
  assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
});
await check('versions are exact, and no lock file names a registry', () => {
  for (const [name, version] of Object.entries(manifest.devDependencies))
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
  for (const file of ['package-lock.json', 'scripts/vscode/host/package-lock.json']) {
    assert.doesNotMatch(readFileSync(path.join(root, file), 'utf8'), /"resolved": "http/, file);
  }
});
await check('every text of the manifest is in package.nls.json, and none is left over', () => {
  const used = new Set([...JSON.stringify(manifest).matchAll(/"%([\w.-]+)%"/g)].map(match => match[1]));
  assert.deepEqual([...used].sort(), Object.keys(readJson('package.nls.json')).sort());
});
await check('every file that the manifest names is there', () => {
  const named = [manifest.icon, ...(manifest.contributes?.snippets ?? []).map((/** @type {any} */ s) => s.path)];
  const icons = [...JSON.stringify(manifest.contributes).matchAll(/"(\.?\/?media\/[^"]+)"/g)].map(match => match[1]);
  const missing = [...named, ...icons].filter(file => !existsSync(path.join(root, String(file))));
  assert.deepEqual(missing, []);
});
await check('commands have a category, and settings a description', () => {
  const { commands = [], configuration = {} } = manifest.contributes ?? {};
  for (const { command, category, title } of commands) assert.ok(category && title, command);
  const sections = [configuration].flat();
  for (const { properties = {} } of sections) {
    for (const [name, setting] of Object.entries(properties)) {
      assert.ok(setting.description ?? setting.markdownDescription, name);
      assert.notEqual(setting.default, undefined, `${name} has no default`);
    }
  }
});
await check('CHANGELOG.md tells of this version', () => {
  const changelog = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
  assert.ok(changelog.includes(`## ${manifest.version}`), `no heading for ${manifest.version}`);
});
await check('the extension is packaged, with what belongs and nothing else (vsce ls)', async () => {
  await packageExtension();
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const { code, stdout, stderr } = await capture(process.execPath, [vsce, 'ls', '--no-dependencies']);
  assert.equal(code, 0, stderr);
  const files = lines(stdout);
  assertContents(files, IN_VSIX, VSIX_FOLDERS);
});
await check('every bundle that a packaged one loads is packaged too', () => {
  for (const packaged of [IN_VSIX, IN_NPM]) {
    const loaded = packaged
      .filter(file => file.startsWith('dist/'))
      .flatMap(file => [...readFileSync(path.join(root, file), 'utf8').matchAll(/require\("\.\/(\w+\.js)"\)/g)])
      .map(match => `dist/${match[1]}`);
    // The command line alone asks for proxies.
    const unwanted = packaged === IN_VSIX ? ['dist/proxy.js'] : [];
    const there = [...packaged, ...unwanted];
    assert.deepEqual(
      [...new Set(loaded)].filter(file => !there.includes(file)),
      [],
    );
  }
});
await check('the extension holds no code for proxies, which the editor passes itself', () => {
  const holdsProxyCode = (/** @type {string} */ file) =>
    readFileSync(path.join(root, file), 'utf8').includes('Proxy-Authorization');
  assert.deepEqual(
    [...new Set([...IN_VSIX, ...IN_NPM])].filter(file => file.startsWith('dist/') && holdsProxyCode(file)),
    ['dist/proxy.js'],
  );
});
await check('the packaged extension is at most 1.5 MB', () => {
  const { size } = statSync(extensionVsix);
  assert.ok(size <= MAX_VSIX_BYTES, `${size} bytes`);
});
await check('the command line is packaged, with what belongs and nothing else (npm pack)', async () => {
  const { code, stdout, stderr } = await captureNpm(['pack', '--dry-run', '--json'], root);
  assert.equal(code, 0, stderr);
  const packed = JSON.parse(stdout);
  assertContents(
    (Array.isArray(packed) ? packed[0] : Object.values(packed)[0]).files.map((/** @type {any} */ file) => file.path),
    IN_NPM,
  );
});
await check('npx runs the packed command line in an empty folder', async () => {
  const pack = await captureNpm(['pack', '--pack-destination', temporary], root);
  assert.equal(pack.code, 0, pack.stderr);
  const tarball = `${manifest.name}-${manifest.version}.tgz`;
  const empty = path.join(temporary, 'empty');
  mkdirSync(empty);
  cpSync(path.join(temporary, tarball), path.join(empty, tarball));
  // With a cache of its own: npx takes what it installed before under the same name.
  const npx = ['exec', '--yes', '--cache', path.join(temporary, 'npm-cache'), '--', `./${tarball}`];
  const version = await captureNpm([...npx, '--version'], empty);
  assert.equal(version.code, 0, version.stderr);
  assert.equal(version.stdout.trim(), manifest.version);
  const lint = await captureNpm([...npx, 'lint', '--format', 'json'], empty);
  assert.equal(lint.code, 0, lint.stderr);
  assert.deepEqual(JSON.parse(lint.stdout), { findings: [], files: 0 });
  assert.deepEqual(readdirSync(empty), [tarball]);
});

rmSync(temporary, { recursive: true, force: true });
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);

/**
 * @param {string} name
 * @param {() => void | Promise<void>} run
 */
async function check(name, run) {
  try {
    await run();
    counts.passed++;
    console.log(`✔ ${name}`);
  } catch (error) {
    counts.failed++;
    console.log(`✘ ${name}\n  ${error instanceof Error ? error.message.replaceAll('\n', '\n  ') : error}`);
  }
}

/**
 * @param {readonly string[]} files
 * @param {readonly string[]} required
 * @param {RegExp} [alsoAllowed]
 */
function assertContents(files, required, alsoAllowed) {
  const extra = files.filter(file => !required.includes(file) && !alsoAllowed?.test(file));
  const missing = required.filter(file => !files.includes(file));
  assert.deepEqual({ missing, extra }, { missing: [], extra: [] });
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function capture(command, args) {
  return runProcess(command, args, { cwd: root, output: 'capture' });
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function captureNpm(args, cwd) {
  return runNpm(args, { cwd, output: 'capture' });
}

/** @param {string} text */
function lines(text) {
  return text.split(/\r?\n/).filter(line => line !== '');
}
