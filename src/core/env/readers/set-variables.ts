import type { Assignment } from './reader';

/**
 * The variables that a file has set up to where a reader is, for the values that name them. Few files have such values,
 * so nothing is looked at before the first is asked for.
 */
export class SetVariables {
  private readonly values = new Map<string, string>();
  /** For each assignment looked at, what its key had before, so that assignments can be taken back. */
  private readonly replaced: (string | undefined)[] = [];

  constructor(private readonly assignments: readonly Assignment[]) {}

  get(name: string): string | undefined {
    for (let at = this.replaced.length; at < this.assignments.length; at++) {
      const { key, value } = this.assignments[at] as Assignment;
      this.replaced.push(this.values.get(key));
      if (value !== undefined) this.values.set(key, value);
    }
    return this.values.get(name);
  }

  /** To be called before the assignments from this index on are taken out. */
  takeBack(first: number): void {
    while (this.replaced.length > first) {
      const { key } = this.assignments[this.replaced.length - 1] as Assignment;
      const before = this.replaced.pop();
      if (before === undefined) this.values.delete(key);
      else this.values.set(key, before);
    }
  }
}
