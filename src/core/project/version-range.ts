import { parse, satisfies, validRange } from '@renovatebot/pep440';

/**
 * The versions that a specifier (`>=1.6,<2`) takes, by PEP 440; pre-releases count, since a specifier may ask for one.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export class VersionRange {
  private constructor(private readonly clauses: readonly string[]) {}

  /** Undefined for a specifier that pip would refuse, or one that holds an environment variable. */
  static parse(specifier: string): VersionRange | undefined {
    const inner = /^\((.*)\)$/s.exec(specifier.trim())?.[1] ?? specifier;
    // pip bears blanks round a clause, and a comma behind the last.
    const clauses = inner
      .split(',')
      .map(clause => clause.trim())
      .filter(clause => clause !== '');
    return clauses.every(clause => validRange(clause)) ? new VersionRange(clauses) : undefined;
  }

  takes(version: string): boolean {
    return this.clauses.every(clause => satisfies(version, clause, { prereleases: true }));
  }

  /** Whether some version that is `minimum` or newer fits. */
  reaches(minimum: string): boolean {
    const candidates = [minimum, ...this.clauses.flatMap(neighbours)];
    const floor = `>=${minimum}`;
    return candidates.some(each => satisfies(each, floor, { prereleases: true }) && this.takes(each));
  }
}

const LATEST = '99999';

/** The versions at which a clause may begin or cease to hold: its own, and those just after it. */
function neighbours(clause: string): string[] {
  const version = clause.replace(/^[=~!<>\s]+/, '').replace(/\.\*$/, '');
  const parsed = parse(version);
  if (!parsed) return [];
  const release = parsed.release.join('.');
  const bumped = parsed.release.map((number, i) => [...parsed.release.slice(0, i), number + 1].join('.'));
  const before = parsed.release.map((number, i) => [...parsed.release.slice(0, i), number - 1, LATEST].join('.'));
  const all = [release, `${release}.1`, `${release}.post1`, ...bumped, ...before.filter(each => !each.includes('-'))];
  return [version, LATEST, ...all.map(each => `${parsed.epoch}!${each}`)];
}
