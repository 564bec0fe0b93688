import { lintEnv } from '../../src/core/env/lint-env';
import { deriveInSteps, lintFile } from '../../src/core/lint/lint-files';
import { SourceFiles } from '../../src/core/lint/source-files';
import { largeEnv, largePlainEnv } from './large-env';
import { measure, report, stopwatch, type Taken } from './measure';

const LINES = 10_000;
const text = largeEnv(LINES);
const plain = largePlainEnv(LINES);

let typed = 0;
/** The text after one more key, so that nothing is remembered from the last run. */
const afterKey = (before: string): string => `${before}A=${typed++}`;

console.log(`linting an env file of ${LINES} lines, ${Math.round(text.length / 1024)} KiB`);
report(
  'at each key: what the text alone tells',
  measure(() => lintEnv(afterKey(text))),
  4,
);
report(
  'at each key, in a file that has no export',
  measure(() => lintEnv(afterKey(plain))),
  4,
);
const lintWhole = (before: string) => {
  const file = { path: '/project/.env', text: afterKey(before) };
  return lintFile(file, 'env', new SourceFiles([file]));
};
report(
  'after a pause: everything',
  measure(() => lintWhole(text), 20),
  60,
);
report(
  'after a pause, in a file that has no export',
  measure(() => lintWhole(plain), 20),
  60,
);
report('its longest step, after which it can be given up', Array.from({ length: 20 }, longestStep));

function longestStep(): Taken {
  const file = { path: '/project/.env', text: afterKey(text) };
  const steps = deriveInSteps(file, 'env', new SourceFiles([file]));
  let longest = { wall: 0, cpu: 0 };
  for (let done = false; !done; ) {
    const stop = stopwatch();
    done = steps.next().done ?? false;
    const taken = stop();
    if (taken.cpu > longest.cpu) longest = taken;
  }
  return longest;
}
