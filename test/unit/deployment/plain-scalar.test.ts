import { describe, expect, it } from 'vitest';
import { readPlainScalar } from '../../../src/core/deployment/plain-scalar';
// What github.com/ghodss/yaml 1.0.0 over gopkg.in/yaml.v2 2.4.0, the libraries of the Astro CLI, were seen to read.
import SEEN from './fixtures/plain-scalars.json';

describe('an unquoted value', () => {
  it.each(SEEN as [string, string | null][])('%s is sent as %s', (written, sent) => {
    const scalar = readPlainScalar(written);
    expect(scalar.kind === 'null' ? null : scalar.sent).toBe(sent);
    expect(scalar.kind === 'string').toBe(sent === written && scalar.kind !== 'number' && scalar.kind !== 'boolean');
  });

  it('that is very long is a string', () => {
    expect(readPlainScalar('1'.repeat(1_000_000)).kind).toBe('string');
  });
});
