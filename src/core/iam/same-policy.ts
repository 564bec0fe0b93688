/**
 * Whether two policies say the same: order of keys, statements and values doesn't matter, one value is a list of one,
 * actions compare without case, and an account stands for its root. A text that isn't JSON is equal to itself alone.
 */
export function saysTheSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [normalForm(one), normalForm(other)];
  return a !== undefined && a === b;
}

function normalForm(text: string): string | undefined {
  try {
    const { Statement = [], Id: _id, ...rest } = JSON.parse(text) as Record<string, unknown>;
    const statements = listOf(Statement).map(statement => JSON.stringify(normal(statement)));
    return JSON.stringify([normal(rest), statements.sort()]);
  } catch {
    return undefined;
  }
}

function normal(value: unknown, key = ''): unknown {
  if (key === 'Sid') return value;
  if (Array.isArray(value)) return value.map(one => JSON.stringify(normal(one, key))).sort();
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, inner]) => [name, normal(isLeaf(inner) ? [inner] : inner, name)]);
    return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }
  if (/^(Not)?Action$/.test(key)) return String(value).toLowerCase();
  if (key === 'AWS') return String(value).replace(/^arn:[\w-]+:iam::(\d{12}):root$/, '$1');
  return String(value);
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
