/** Times of one piece of work, in milliseconds. */
export interface Times {
  readonly median: number;
  readonly best: number;
  readonly p95: number;
}

export function summarise(milliseconds: readonly number[]): Times {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { median: at(0.5), best: at(0), p95: at(0.95) };
}

/** Runs work again and again, after a few runs that warm it up. */
export function measure(work: () => unknown, runs = 60): Times {
  for (let i = 0; i < 5; i++) work();
  return summarise(
    Array.from({ length: runs }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

/** One line of a report: what was measured, beside what it may take. A busy machine shows in the distance to the best. */
export function report(name: string, { median, best, p95 }: Times, budget?: number): void {
  const words = [`median ${show(median)}`, `best ${show(best)}`, `95 % ${show(p95)}`];
  if (budget !== undefined) words.push(`budget ${budget} ms: ${median <= budget ? 'kept' : 'MISSED'}`);
  console.log(`${name.padEnd(46)} ${words.join('   ')}`);
}

function show(milliseconds: number): string {
  return `${milliseconds.toFixed(2)} ms`.padStart(9);
}
