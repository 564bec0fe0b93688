// One room for `npm run mutate`: scripts/mutate.mjs names it in MUTATE_ROOM.
const room = process.env.MUTATE_ROOM ?? '*';
const reports = `reports/stryker/${room}`;

export default {
  testRunner: 'vitest',
  concurrency: 1,
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutate.config.mts' },
  mutate: [`src/core/${room}/**/*.ts`],
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `${reports}.incremental.json`,
  ignorePatterns: ['/dist', '/out', '/media', '/test/e2e', '/test/host', '/test/strangers'],
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: `${reports}.html` },
  jsonReporter: { fileName: `${reports}.json` },
  clearTextReporter: { reportTests: false, allowColor: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
