import { EXPORT_KEYS, type ExportKey, KEY_PREFIX } from '../export-settings';
import { editDistance } from '../text/edit-distance';
import { findLookAlikes, replaceLookAlikes } from '../text/look-alikes';

/** In what a name differs from the one it is meant to be. */
type NearMiss = 'case' | 'underscores' | 'section' | 'spelling' | 'extra-words' | 'sensitive-variant' | 'unknown';

/** What a name in an env file is meant to be. */
export interface KeyReading {
  /** Length of a line number at the name's beginning that was copied along, with the dot and blanks behind it. */
  readonly numberLength: number;
  /** The variable that is meant; undefined for a name of our section that is like none of the four. */
  readonly key?: ExportKey;
  /** Undefined where the name, without a copied number and with look-alikes replaced, is exactly the key. */
  readonly nearMiss?: NearMiss;
  /** Whether the name can be nothing else than the key misspelt, so that renaming it is safe. */
  readonly isCertain: boolean;
}

const SHORTEST = 18;
const LONGEST = 200;
const HINT = /astro|second|log/i;
/** Without a hint, and without a look-alike that may stand for one, a name is something else. */
const MAY_HINT = /astro|second|log|[^\0-\x7f]/i;
const COPIED_NUMBER = /^\d{1,5}\s*[.):|\]]?\s*(?=\D)/;

const KEYS: readonly ExportKey[] = Object.values(EXPORT_KEYS);
const KEY_WORDS = new Map<ExportKey, readonly string[]>(
  KEYS.map(key => [key, key.slice(KEY_PREFIX.length).split('_')]),
);

/** The word without which a part of a name is like none of the keys. */
const TELLING_WORDS: ReadonlyMap<ExportKey, readonly string[]> = new Map([
  [EXPORT_KEYS.enabled, ['ENABLED']],
  [EXPORT_KEYS.baseLogFolder, ['FOLDER']],
  [EXPORT_KEYS.roleArn, ['ROLE', 'ARN']],
  [EXPORT_KEYS.region, ['REGION']],
]);

/** Words that people put before or behind a key's own and that change nothing of what is meant. */
const HARMLESS_WORDS = ['AWS', 'S3', 'IAM', 'NAME', 'LOG', 'LOGS', 'TASK', 'BUCKET', 'ASTRO'];

/** Other words for a key's own. They hint at the key, but the value may be of another form. */
const SYNONYMS: Readonly<Record<string, string>> = {
  PATH: 'FOLDER',
  DIR: 'FOLDER',
  DIRECTORY: 'FOLDER',
  PREFIX: 'FOLDER',
  LOCATION: 'FOLDER',
  URI: 'FOLDER',
  URL: 'FOLDER',
  ACTIVE: 'ENABLED',
  ON: 'ENABLED',
  ACTIVATED: 'ENABLED',
};

/** Astro's sibling exports, whose variables aren't documented here: nothing is said about names that hold one. */
const OTHER_CLOUDS = [
  'GCS',
  'GCP',
  'GOOGLE',
  'AZURE',
  'WASB',
  'BLOB',
  'ABFS',
  'CLOUDWATCH',
  'DATADOG',
  'OPENTELEMETRY',
];

/** Words before a name that belong to another language: Dockerfile, shell, YAML, PowerShell. */
const LEADING_WORDS = ['export', 'set', 'setx', 'env', 'arg', 'declare', '-x', '-', '*', '+', '•', '$', '%'];

const cache = new Map<string, KeyReading | null>();
const CACHE_SIZE = 1000;

/** Whether a name of this length can be one of the keys or a near miss. */
export function canBeKey(length: number): boolean {
  return length >= SHORTEST && length <= LONGEST;
}

/**
 * Reads a name as a person meant it: one of the export's keys, a near miss of one, or (undefined) something else.
 * The same names come with every keystroke, so what was found is remembered.
 */
export function readKey(text: string): KeyReading | undefined {
  if (!canBeKey(text.length) || !MAY_HINT.test(text)) return undefined;
  let known = cache.get(text);
  if (known === undefined) {
    known = analyse(text) ?? null;
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(copyOf(text), known);
  }
  return known ?? undefined;
}

/** The engine lets a piece of a text hold on to the whole of it: a large file, for each name that was typed in it. */
function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

function analyse(text: string): KeyReading | undefined {
  const numberLength = COPIED_NUMBER.exec(text)?.[0].length ?? 0;
  const written = text.slice(numberLength);
  const repaired = findLookAlikes(written, { letters: true }).length > 0 ? repairName(written) : written;
  if (!HINT.test(repaired)) return undefined;
  if (KEYS.includes(repaired as ExportKey)) {
    return { numberLength, key: repaired as ExportKey, isCertain: true };
  }
  const words = repaired.split(/\s+/);
  const name = (words.at(-1) as string).replace(/^["'`$%{]+|["'`%}]+$/g, '').replace(/^env:/i, '');
  const lead = words.slice(0, -1);
  const found = matchName(name);
  if (!found) return undefined;
  const isCertain = found.isCertain && lead.every(word => LEADING_WORDS.includes(word.toLowerCase()));
  return { numberLength, ...found, isCertain };
}

function repairName(text: string): string {
  return replaceLookAlikes(text, { letters: true }).trim();
}

type NameMatch = Omit<KeyReading, 'numberLength'> & { readonly nearMiss: NearMiss };

function matchName(name: string): NameMatch | undefined {
  const upper = name.toUpperCase();
  if (/^AIRFLOW_(VAR|CONN)_/.test(upper) || /^AIRFLOW__(?!_*ASTRO)\w+?___/.test(upper)) return undefined;
  const exact = KEYS.find(key => key === upper);
  if (exact) return { key: exact, nearMiss: name === upper ? 'spelling' : 'case', isCertain: true };
  const words = upper.split(/[^A-Z0-9]+/).filter(word => word !== '');
  if (words.some(word => OTHER_CLOUDS.includes(word))) return undefined;
  const glued = words.join('');
  const sameLetters = KEYS.find(key => key.replaceAll('_', '') === glued);
  if (sameLetters) return { key: sameLetters, nearMiss: 'underscores', isCertain: true };
  return matchWords(words) ?? matchLetters(glued);
}

interface SectionMatch {
  readonly hasAirflow: boolean;
  readonly hasAstro: boolean;
  readonly hasSecondary: boolean;
  readonly hasLogs: boolean;
  readonly isExact: boolean;
  readonly rest: readonly string[];
}

/** Takes the words of section off the front of a name: AIRFLOW, then ASTRO, SECONDARY and LOGS in any order. */
function matchSection(words: readonly string[]): SectionMatch {
  const hasAirflow = isLike(words[0] ?? '', 'AIRFLOW');
  let hasAstro = false;
  let hasSecondary = false;
  let hasLogs = false;
  let at = hasAirflow ? 1 : 0;
  for (; at < words.length; at++) {
    const word = words[at] as string;
    if (!hasAstro && (isLike(word, 'ASTRO') || isLike(word, 'ASTRONOMER'))) hasAstro = true;
    else if (!hasSecondary && isLike(word, 'SECONDARY')) hasSecondary = true;
    else if (!hasLogs && (isLike(word, 'LOGS') || isLike(word, 'LOGGING'))) hasLogs = true;
    else if (word !== 'TASK' && !(word === 'S3' && isLike(words[at + 1] ?? '', 'LOGS'))) break;
  }
  const isExact = words.slice(0, 4).join('_') === 'AIRFLOW_ASTRO_SECONDARY_LOGS';
  return { hasAirflow, hasAstro, hasSecondary, hasLogs, isExact, rest: words.slice(at) };
}

function matchWords(words: readonly string[]): NameMatch | undefined {
  const section = matchSection(words);
  const { hasAirflow, hasAstro, hasSecondary, hasLogs } = section;
  const part = matchKeyPart(section.rest);
  if (!section.isExact && !part) return undefined;
  const fitting = [hasAirflow, hasAstro, hasSecondary, hasLogs].filter(Boolean).length;
  if (fitting < 3) return hasAirflow && (hasAstro || hasLogs) ? matchOtherSection(words) : undefined;
  if (!part) return { nearMiss: 'unknown', isCertain: false };
  if (part.nearMiss === undefined) return { key: part.key, nearMiss: 'section', isCertain: part.isCertain };
  return { key: part.key, nearMiss: part.nearMiss, isCertain: part.isCertain };
}

/** `AIRFLOW__LOGGING__S3_BASE_LOG_FOLDER`: words that no other section of Airflow has. */
function matchOtherSection(words: readonly string[]): NameMatch | undefined {
  const key = [EXPORT_KEYS.enabled, EXPORT_KEYS.baseLogFolder].find(each => {
    const own = KEY_WORDS.get(each) as readonly string[];
    return words.slice(-own.length).join('_') === own.join('_');
  });
  return key && { key, nearMiss: 'section', isCertain: true };
}

/** A name whose words run together or are broken in the wrong places. */
function matchLetters(glued: string): NameMatch | undefined {
  if (!/ASTRO|SECON|NDARY/.test(glued)) return undefined;
  const near = KEYS.find(key => editDistance(glued, key.replaceAll('_', ''), 3) <= 3);
  return near && { key: near, nearMiss: 'spelling', isCertain: true };
}

interface PartMatch {
  readonly key: ExportKey;
  readonly nearMiss?: NearMiss;
  readonly isCertain: boolean;
}

/** The key that the words behind the section mean. */
function matchKeyPart(words: readonly string[]): PartMatch | undefined {
  const last = words.at(-1);
  if (last === 'CMD' || last === 'SECRET') {
    const variant = matchKeyPart(words.slice(0, -1));
    if (variant) return { key: variant.key, nearMiss: 'sensitive-variant', isCertain: false };
  }
  const glued = words.join('');
  for (const [key, own] of KEY_WORDS) {
    if (glued === own.join('')) return { key, isCertain: true };
  }
  for (const [key, own] of KEY_WORDS) {
    if (glued.length > 4 && editDistance(glued, own.join(''), 2) <= 2) {
      return { key, nearMiss: 'spelling', isCertain: true };
    }
  }
  return (
    matchSomeWords(words, 'spelling') ??
    matchSomeWords(
      words.map(word => SYNONYMS[word] ?? word),
      'extra-words',
    )
  );
}

/** A key with some of its words left out, or with others added. */
function matchSomeWords(words: readonly string[], nearMiss: NearMiss): PartMatch | undefined {
  for (const [key, own] of KEY_WORDS) {
    const telling = TELLING_WORDS.get(key) as readonly string[];
    if (!telling.some(word => words.some(each => isLike(each, word)))) continue;
    const extra = words.filter(word => !own.some(each => isLike(word, each)));
    const isHarmless = extra.every(word => HARMLESS_WORDS.includes(word));
    return { key, nearMiss: isHarmless ? nearMiss : 'extra-words', isCertain: isHarmless && nearMiss === 'spelling' };
  }
  return undefined;
}

function isLike(word: string, target: string): boolean {
  if (word === target) return true;
  const limit = target.length >= 8 ? 2 : target.length >= 4 ? 1 : 0;
  // A slip rarely hits both ends of a word, and comparing letters is cheap.
  const hasSameEnd = word[0] === target[0] || word.at(-1) === target.at(-1);
  return hasSameEnd && editDistance(word, target, limit) <= limit;
}
