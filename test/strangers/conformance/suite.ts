import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DifferenceGroup, observe } from './behaviour';
import { CONFORMANCE } from './table';
import { type Backend, World } from './world';

interface Judged {
  readonly name: string;
  start(): Promise<{ readonly backend: Backend; close(): Promise<void> }>;
  /** Default none, as for the sandbox, which has to do all that is documented. */
  readonly differences?: readonly DifferenceGroup[];
  /** Behaviours of services that the system doesn't have. They are not run. */
  readonly lacks?: RegExp;
}

/**
 * Holds a system to the conformance list: to AWS's documentation and, where a difference is stated, to exactly that
 * difference, so that one that isn't stated fails, and one that is stated and gone fails too.
 */
export function describeConformance({ name, start, differences = [], lacks }: Judged): void {
  const stated = new Map(
    differences.flatMap(({ why, sees }) => Object.entries(sees).map(([id, seen]) => [id, { why, seen }] as const)),
  );
  const rows = CONFORMANCE.filter(({ id }) => !lacks?.test(id));
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
    it.each(rows.map(row => [row.id, row] as const))('%s', async (id, behaviour) => {
      const difference = stated.get(id);
      const seen = await observe(behaviour, world);
      if (difference) expect(seen, `stated difference: ${difference.why}`).toEqual(difference.seen);
      else expect(seen, behaviour.docs).toEqual(behaviour.expected);
    });

    it('differs nowhere in words alone: each difference is of a row that is run, stated once, and is one', () => {
      expect(stated.size).toBe(differences.flatMap(({ sees }) => Object.keys(sees)).length);
      const none = [...stated].filter(([id, { seen }]) => {
        const row = rows.find(one => one.id === id);
        return row === undefined || isDeepStrictEqual(seen, row.expected);
      });
      expect(none.map(([id]) => id)).toEqual([]);
    });
  });
}
