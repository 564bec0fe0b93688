/**
 * Compares keys in the order of their UTF-8 bytes, which is S3's.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
 */
function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for letters beyond U+FFFF and so come after every other unit. */
function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** A map whose keys can be walked in S3's order from any place. */
export class KeyIndex<T> {
  private readonly values = new Map<string, T>();
  private readonly keys: string[] = [];

  get size(): number {
    return this.keys.length;
  }

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  set(key: string, value: T): void {
    if (!this.values.has(key)) {
      const last = this.keys.at(-1);
      if (last === undefined || compareKeys(last, key) < 0) this.keys.push(key);
      else this.keys.splice(this.firstAtOrAfter(key), 0, key);
    }
    this.values.set(key, value);
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.keys.splice(this.firstAtOrAfter(key), 1);
  }

  /** The place of the first key that isn't before this one. */
  firstAtOrAfter(key: string): number {
    return this.firstPlace(one => compareKeys(one, key) >= 0);
  }

  /** The place of the first key after this one. */
  firstAfter(key: string): number {
    return this.firstPlace(one => compareKeys(one, key) > 0);
  }

  /** The place of the first key after all those that begin with the prefix. */
  firstAfterPrefix(prefix: string): number {
    return this.firstPlace(one => !one.startsWith(prefix) && compareKeys(one, prefix) > 0);
  }

  at(place: number): { readonly key: string; readonly value: T } | undefined {
    const key = this.keys[place];
    return key === undefined ? undefined : { key, value: this.values.get(key) as T };
  }

  entries(): IterableIterator<[string, T]> {
    return this.values.entries();
  }

  private firstPlace(isReached: (key: string) => boolean): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isReached(this.keys[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
