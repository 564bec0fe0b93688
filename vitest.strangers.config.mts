import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.stranger.ts'],
    // One stranger at a time: each is a system of its own, and the machine may be small.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
