import { folderDistance } from '../../core/lint/source-file';

/**
 * The item nearest to a file: itself, else the one with the fewest folders between.
 * Among equals `preferred` wins, then `.env`, then the first.
 */
export function nearest<T extends { readonly path: string; readonly id: string }>(
  items: readonly T[],
  file: string,
  preferred: string | undefined,
): T | undefined {
  const rank = (item: T): readonly number[] => [
    item.path === file ? 0 : 1,
    folderDistance(item.path, file),
    item.id === preferred ? 0 : 1,
    item.path.endsWith('/.env') ? 0 : 1,
  ];
  let best: { item: T; rank: readonly number[] } | undefined;
  for (const item of items) {
    const current = rank(item);
    if (best === undefined || isLess(current, best.rank)) best = { item, rank: current };
  }
  return best?.item;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) {
    const other = b[i] as number;
    if (value !== other) return value < other;
  }
  return false;
}
