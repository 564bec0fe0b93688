import { defineConfig } from 'vitest/config';

/**
 * The unit tests of the room that is mutated, without laws over hundreds of texts and without very long texts: mutants are many.
 * `scripts/mutate.mjs` names the room's folders in MUTATE_TESTS.
 */
const folders = (process.env.MUTATE_TESTS ?? '*').split(',');

export default defineConfig({
  test: {
    include: folders.map(folder => `test/unit/${folder}/**/*.test.ts`),
    // A command loads its modules within its first test, which would then alone stand for all their constants.
    exclude: ['**/laws.test.ts', '**/*-command.test.ts'],
    testNamePattern: /^(?!.*(before the test times out|ten megabytes|bears|never throws))/,
    testTimeout: 120_000,
  },
});
