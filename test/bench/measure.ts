/** What one run of a piece of work took, in milliseconds: by the clock, and of the processor. */
export interface Taken {
  readonly wall: number;
  /** Absent where that can't be told from what goes on beside. */
  readonly cpu?: number;
}

/** Begins to measure; the function that it returns says what was taken since. */
export function stopwatch(): () => Required<Taken> {
  const cpuStart = process.cpuUsage();
  const start = performance.now();
  return () => {
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpuStart);
    return { wall, cpu: (user + system) / 1000 };
  };
}

/** Runs work again and again, after a few runs that warm it up. */
export function measure(work: () => unknown, runs = 60): readonly Taken[] {
  for (let i = 0; i < 5; i++) work();
  return Array.from({ length: runs }, () => {
    const stop = stopwatch();
    work();
    return stop();
  });
}

/**
 * One line of a report. The budget is one of the clock on a machine that does nothing else; on a busy one the time of
 * the processor and the best run tell more.
 */
export function report(name: string, taken: readonly Taken[], budget?: number): void {
  const wall = sorted(taken.map(each => each.wall));
  const cpu = at(sorted(taken.flatMap(each => each.cpu ?? [])), 0.5);
  const words = [
    `median ${show(at(wall, 0.5))}`,
    ...(Number.isNaN(cpu) ? [] : [`(of the processor ${show(cpu)})`]),
    `best ${show(at(wall, 0))}`,
    `95 % ${show(at(wall, 0.95))}`,
  ];
  if (budget !== undefined) {
    const verdict = at(wall, 0.5) <= budget ? 'kept' : cpu <= budget ? 'kept by the processor alone' : 'MISSED';
    words.push(`budget ${budget} ms: ${verdict}`);
  }
  console.log(`${name.padEnd(48)} ${words.join('  ')}`);
}

function sorted(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

function at(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

function show(milliseconds: number): string {
  return `${milliseconds.toFixed(2)} ms`.padStart(9);
}
