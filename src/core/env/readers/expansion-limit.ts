/** Values may name one another and double each time; past this many characters the file is called unreadable. */
const EXPANSION_LIMIT = 16_000_000;

/** Counts the characters that expansion has made of one file; throws a RangeError, which the reader catches. */
export class ExpansionLimit {
  private spent = 0;

  spend(characters: number): void {
    this.spent += characters;
    if (this.spent > EXPANSION_LIMIT) throw new RangeError('values grow too long when variables in them are replaced');
  }
}
