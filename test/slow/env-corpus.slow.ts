import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEnvText } from '../unit/env/arbitraries';
import { lintWholeEnv } from '../unit/lint/lint-whole-env';

const FILES = 100_000;
/** A file has a few hundred bytes, and is linted in less than a millisecond; the rest is for a machine that is busy. */
const LONGEST_MS = 2000;
const PART = 10_000;

describe(`${FILES} generated env files`, () => {
  it.each(Array.from({ length: FILES / PART }, (_, part) => part))('part %i: no crash, no hang', part => {
    let slowest = 0;
    let withFindings = 0;
    for (const text of fc.sample(anyEnvText(), { numRuns: PART, seed: part })) {
      const started = performance.now();
      if (lintWholeEnv(text).length > 0) withFindings++;
      slowest = Math.max(slowest, performance.now() - started);
    }
    expect(slowest).toBeLessThan(LONGEST_MS);
    // Most of the files are about the export, so that the linter has something to do.
    expect(withFindings).toBeGreaterThan(PART / 2);
  });
});
