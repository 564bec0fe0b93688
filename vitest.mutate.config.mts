import { defineConfig } from 'vitest/config';

/** As the unit tests, without the laws over hundreds of texts: mutants are many, and run slowly. */
export default defineConfig({
  test: { include: ['test/unit/**/*.test.ts'], exclude: ['test/unit/lint/laws.test.ts'], testTimeout: 120_000 },
});
