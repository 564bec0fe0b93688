import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything that is downloaded, and every temporary file of a run, lies here; git ignores it. */
export const workDir = path.join(root, '.vscode-test');

/** The two sample projects that `npm start` and the browser-driven tests copy. */
export const sampleProject = path.join(root, 'test/projects/sample-astro');
export const sampleLogs = path.join(root, 'test/projects/sample-logs');
