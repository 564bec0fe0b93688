/** A character that a pattern holds, or one of the wildcards below; characters are code points. */
type Unit = number;

const ANY_SEQUENCE = -1;
const ANY_CHARACTER = -2;
/** As the two above, but never a colon: what a wildcard inside an ARN's segment stands for. */
const SEQUENCE_IN_SEGMENT = -3;
const CHARACTER_IN_SEGMENT = -4;

const COLON = 0x3a;

/** A compiled pattern with the wildcards `*` and `?`. */
export interface Glob {
  readonly units: readonly Unit[];
  /** The whole pattern, where it holds no wildcard. */
  readonly literal?: string;
  /** What precedes the one `*` at the pattern's end, where that is its only wildcard. */
  readonly prefix?: string;
}

/** A stretch of a pattern: `wild` says whether `*` and `?` in it are wildcards or themselves. */
export interface PatternPart {
  readonly text: string;
  readonly wild: boolean;
}

/**
 * Compiles a pattern: `*` is any number of characters, none too, and `?` exactly one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export function compileGlob(parts: readonly PatternPart[]): Glob {
  const units: Unit[] = [];
  for (const { text, wild } of parts) {
    for (const character of text) {
      if (wild && character === '*') {
        if (units.at(-1) !== ANY_SEQUENCE) units.push(ANY_SEQUENCE);
      } else if (wild && character === '?') units.push(ANY_CHARACTER);
      else units.push(character.codePointAt(0) as number);
    }
  }
  return finish(units);
}

/**
 * Compiles a pattern of resource ARNs. A wildcard stays within its segment, the part between two colons, except that a
 * `*` at a segment's end may go beyond the colon. What follows the fifth colon is one segment: an S3 key's colons don't
 * divide it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
 */
export function compileResourceGlob(parts: readonly PatternPart[]): Glob {
  const units = [...compileGlob(parts).units];
  let colons = 0;
  for (let i = 0; i < units.length && colons < 5; i++) {
    const unit = units[i];
    if (unit === COLON) colons++;
    else if (unit === ANY_CHARACTER) units[i] = CHARACTER_IN_SEGMENT;
    else if (unit === ANY_SEQUENCE && i + 1 < units.length && units[i + 1] !== COLON) units[i] = SEQUENCE_IN_SEGMENT;
  }
  return finish(units);
}

function finish(units: readonly Unit[]): Glob {
  const wildcard = units.findIndex(unit => unit < 0);
  if (wildcard === -1) return { units, literal: print(units) };
  if (wildcard === units.length - 1 && units[wildcard] === ANY_SEQUENCE) {
    return { units, prefix: print(units.slice(0, -1)) };
  }
  return { units };
}

function print(units: readonly Unit[]): string {
  let text = '';
  for (const unit of units) text += String.fromCodePoint(unit);
  return text;
}

/** Whether a pattern covers a text as a whole. Linear in text times pattern at worst, whatever the pattern is. */
export function matchesGlob(glob: Glob, text: string): boolean {
  if (glob.literal !== undefined) return glob.literal === text;
  if (glob.prefix !== undefined) return text.startsWith(glob.prefix);
  const characters = Array.from(text, character => character.codePointAt(0) as number);
  const isSegmented = glob.units.includes(SEQUENCE_IN_SEGMENT);
  return isSegmented ? matchesBySets(glob.units, characters) : matchesGreedily(glob.units, characters);
}

function matchesUnit(unit: Unit, character: number): boolean {
  return unit === character || unit === ANY_CHARACTER || (unit === CHARACTER_IN_SEGMENT && character !== COLON);
}

/** Going back to the last `*` alone is enough while every `*` may stand for anything. */
function matchesGreedily(units: readonly Unit[], characters: readonly number[]): boolean {
  let at = 0;
  let unit = 0;
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    if (units[unit] === ANY_SEQUENCE) {
      star = unit++;
      starAt = at;
    } else if (unit < units.length && matchesUnit(units[unit] as Unit, characters[at] as number)) {
      unit++;
      at++;
    } else if (star !== -1) {
      unit = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (units[unit] === ANY_SEQUENCE) unit++;
  return unit === units.length;
}

/** Follows all places in the pattern at once, for patterns with a `*` that must not pass a colon. */
function matchesBySets(units: readonly Unit[], characters: readonly number[]): boolean {
  let places = new Set<number>();
  const enter = (into: Set<number>, place: number) => {
    for (let i = place; !into.has(i); i++) {
      into.add(i);
      if (units[i] !== ANY_SEQUENCE && units[i] !== SEQUENCE_IN_SEGMENT) break;
    }
  };
  enter(places, 0);
  for (const character of characters) {
    const next = new Set<number>();
    for (const place of places) {
      const unit = units[place];
      if (unit === undefined) continue;
      if (unit === ANY_SEQUENCE || (unit === SEQUENCE_IN_SEGMENT && character !== COLON)) enter(next, place);
      else if (matchesUnit(unit, character)) enter(next, place + 1);
    }
    places = next;
  }
  return places.has(units.length);
}

/** The six parts of an ARN, the last with its colons; undefined for what isn't an ARN. */
export function splitArn(arn: string): readonly string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
