import fc from 'fast-check';
import { expect, it } from 'vitest';
import { smallestEdit } from '../../../src/core/text/smallest-edit';
import { applyEdits } from '../../../src/core/text/text-range';

it('turns any text into any other, and touches nothing that both share at their ends', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '=') });
  fc.assert(
    fc.property(text, text, text, text, (head, tail, one, other) => {
      const before = head + one + tail;
      const edit = smallestEdit(before, head + other + tail);
      expect(applyEdits(before, [edit])).toBe(head + other + tail);
      expect(edit.range.end - edit.range.start).toBeLessThanOrEqual(one.length);
    }),
  );
});
