import { describe, expect, it } from 'vitest';
import { startSandboxBackend } from '../../strangers/conformance/sandbox-backend';
import { describeConformance } from '../../strangers/conformance/suite';
import { CONFORMANCE } from '../../strangers/conformance/table';

describe('the conformance list', () => {
  it('names each of at least 100 behaviours once, each with a page of AWS’s documentation', () => {
    expect(CONFORMANCE.length).toBeGreaterThanOrEqual(100);
    expect(new Set(CONFORMANCE.map(({ id }) => id)).size).toBe(CONFORMANCE.length);
    for (const { id, docs } of CONFORMANCE) expect(docs, id).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
  });
});

describeConformance({ name: 'the sandbox', start: startSandboxBackend });
