// `npm run mutate`: changes the code of each room in many small ways, and sees whether the room's unit tests notice (Stryker).
// `npm run mutate -- env project` does two rooms; options after that go to Stryker. Scores under 85 % fail.
import './lib/node-version.mjs';
import path from 'node:path';
import { root } from './lib/paths.mjs';
import { endProcesses, onInterrupt } from './lib/processes.mjs';
import { runNode } from './lib/test-runs.mjs';

onInterrupt(endProcesses);
/** The rooms, and the folders of test/unit that are about them. */
const rooms = {
  env: ['env', 'env-readers', 'lint'],
  project: ['project'],
  iam: ['iam', 'iam-lint'],
};
const given = process.argv.slice(2);
const firstOption = given.findIndex(argument => argument.startsWith('-'));
const names = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);
const unknown = names.find(name => !Object.hasOwn(rooms, name));
if (unknown !== undefined) {
  console.error(`There is no room ${unknown} to mutate; there are ${Object.keys(rooms).join(', ')}.`);
  process.exit(2);
}

let failed = false;
for (const [room, tests] of Object.entries(rooms)) {
  if (names.length > 0 && !names.includes(room)) continue;
  console.log(`\n── ${room}`);
  const stryker = path.join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const code = await runNode([stryker, 'run', ...options], { MUTATE_ROOM: room, MUTATE_TESTS: tests.join(',') });
  failed ||= code !== 0;
}
process.exit(failed ? 1 : 0);
