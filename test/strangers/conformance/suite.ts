import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Behaviour, type Difference, observe } from './behaviour';
import { CONFORMANCE } from './table';
import { type Backend, World } from './world';

interface Judged {
  readonly name: string;
  start(): Promise<{ readonly backend: Backend; close(): Promise<void> }>;
  /** What the table says of this system; absent: nothing, as of the sandbox, so that it has to do all that is documented. */
  differenceOf?(behaviour: Behaviour): Difference | 'lacks' | undefined;
}

/**
 * Holds a system to the conformance list: to AWS's documentation and, where the table states a difference, to exactly
 * that difference, so that one that isn't stated fails, and one that is stated and gone fails too.
 */
export function describeConformance({ name, start, differenceOf = () => undefined }: Judged): void {
  let world: World;
  let close: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    const started = await start();
    close = started.close;
    world = new World(started.backend);
  });
  afterAll(async () => {
    world?.close();
    await close?.();
  });

  describe(`what ${name} does, against AWS's documentation`, () => {
    const rows = CONFORMANCE.filter(behaviour => differenceOf(behaviour) !== 'lacks');
    it.each(rows.map(row => [row.id, row] as const))('%s', async (_id, behaviour) => {
      const difference = differenceOf(behaviour);
      const seen = await observe(behaviour, world);
      if (difference === undefined || difference === 'lacks') {
        expect(seen, behaviour.docs).toEqual(behaviour.expected);
        return;
      }
      expect(isDeepStrictEqual(difference.sees, behaviour.expected), 'the table states a difference that is none').toBe(
        false,
      );
      expect(seen, `stated difference: ${difference.why}`).toEqual(difference.sees);
    });
  });
}
