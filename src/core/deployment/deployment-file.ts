import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { TextRange } from '../text/text-range';
import { readPlainScalar } from './plain-scalar';

type ScalarQuoting = 'plain' | 'single' | 'double' | 'other';

/** A value of the file and what the CLI makes of it. */
export interface DeploymentScalar {
  /** What the CLI sends; undefined for null. */
  readonly sent: string | undefined;
  /** What is written, quotes off and lines joined. */
  readonly written: string;
  /** `unreadable`: no text at all, so that the CLI refuses the file. */
  readonly kind: 'string' | 'boolean' | 'number' | 'null' | 'unreadable';
  readonly quoting: ScalarQuoting;
  /** The text as it stands, without quotes, where each of its characters stands for itself; else undefined. */
  readonly literalRange: TextRange | undefined;
  /** The whole of it, quotes included; of an alias, the alias. */
  readonly range: TextRange;
  /** Whether another text can be written in its place; not where a merged map brings it. */
  readonly canReplace: boolean;
}

/** One entry of `environment_variables`. */
export interface DeploymentVariable {
  readonly key: DeploymentScalar;
  /** Undefined where there is no `value`. */
  readonly value: DeploymentScalar | undefined;
  readonly isSecret: boolean;
  /** The entry's own text in the file; undefined where it comes from elsewhere, by an alias. */
  readonly place: EntryPlace | undefined;
}

/** Where an entry stands, to add one behind it or to take it out. */
export interface EntryPlace {
  /** From the entry's first field to the end of its last. */
  readonly range: TextRange;
  /** Whether the list is written in brackets. */
  readonly isInline: boolean;
}

/** What the CLI refuses the file for, or reads otherwise than it looks. */
export interface DeploymentProblem {
  readonly kind: 'syntax' | 'type' | 'no-key' | 'repeated-field' | 'not-first-document';
  readonly range: TextRange;
  /** The YAML parser's own words, of a `syntax`; the field's name, of the others. */
  readonly detail: string;
}

/** A deployment file: what `astro deployment create` and `update --deployment-file` read from it. */
export interface DeploymentFile {
  /** `deployment.configuration.name` */
  readonly name: string | undefined;
  /** `deployment.configuration.workload_identity` */
  readonly workloadIdentity: string | undefined;
  readonly variables: readonly DeploymentVariable[];
  readonly problems: readonly DeploymentProblem[];
}

/** More merged maps than any file has: one that merges itself has no end. */
const MOST_MERGES = 1000;
const OPTIONS = {
  schema: 'failsafe',
  version: '1.1',
  uniqueKeys: false,
  logLevel: 'silent',
  prettyErrors: false,
} as const;

/**
 * Reads a deployment file, never throws. Names of fields are read in any case; of several documents only the first
 * counts. https://www.astronomer.io/docs/astro/deployment-file-reference
 */
export function parseDeploymentFile(text: string): DeploymentFile {
  const documents = parseAll(text);
  const [first, ...others] = documents;
  if (!first) return { name: undefined, workloadIdentity: undefined, variables: [], problems: [] };
  const reader = new Reader(text, first);
  const file = reader.read();
  for (const other of others) {
    const range = new Reader(text, other).listRange();
    if (range) reader.add('not-first-document', range, '');
  }
  return { ...file, problems: reader.problems };
}

function parseAll(text: string): readonly Document.Parsed[] {
  try {
    const documents = parseAllDocuments(text, OPTIONS);
    return 'empty' in documents ? [] : documents;
  } catch (error) {
    // Nested deeper than the call stack.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

class Reader {
  readonly problems: DeploymentProblem[] = [];
  private merges = 0;

  constructor(
    private readonly text: string,
    private readonly document: Document.Parsed,
  ) {}

  read(): Omit<DeploymentFile, 'problems'> {
    for (const { pos, message } of this.document.errors) {
      const start = Math.min(pos[0], this.text.length);
      const end = Math.min(Math.max(pos[1], start), this.text.length);
      this.add('syntax', { start, end: Math.max(end, start + 1) }, message);
    }
    const directive = /^%YAML(?! 1\.1\s*$)[^\r\n]*/m.exec(this.text.slice(0, this.document.contents?.range?.[0] ?? 0));
    if (directive) {
      const { index } = directive;
      this.add(
        'syntax',
        { start: index, end: index + directive[0].length },
        'YAML 1.1 is the only version that is read',
      );
    }
    const deployment = this.mapIn(this.document.contents, 'deployment');
    const configuration = this.mapIn(deployment, 'configuration');
    return {
      name: this.textIn(configuration, 'name'),
      workloadIdentity: this.textIn(configuration, 'workload_identity'),
      variables: this.variablesOf(deployment),
    };
  }

  /** The list of variables of a document that isn't the first. */
  listRange(): TextRange | undefined {
    const list = this.field(this.mapIn(this.document.contents, 'deployment'), 'environment_variables');
    return list && rangeOf(list.key);
  }

  private variablesOf(deployment: YAMLMap | undefined): DeploymentVariable[] {
    const field = this.field(deployment, 'environment_variables');
    const list = this.resolve(field?.value);
    if (isSeq(list)) return list.items.flatMap(item => this.variableOf(item, list) ?? []);
    const range = rangeOf(field?.value);
    const isNothing = list === null || list === undefined || (isScalar(list) && this.scalar(list)?.kind === 'null');
    if (!isNothing) this.add('type', range, 'environment_variables');
    return [];
  }

  private variableOf(item: unknown, list: YAMLSeq): DeploymentVariable | undefined {
    const map = this.resolve(item);
    if (!isMap(map)) {
      const scalar = this.scalar(map);
      const isNothing = !scalar || scalar.kind === 'null';
      this.add(isNothing ? 'no-key' : 'type', rangeOf(item), isNothing ? 'key' : 'environment_variables');
      return undefined;
    }
    const key = this.scalarIn(map, 'key');
    if (!key || (key.kind !== 'unreadable' && !key.sent)) this.add('no-key', key?.range ?? rangeOf(map), 'key');
    if (!key) return undefined;
    const secret = this.scalarIn(map, 'is_secret');
    if (secret && secret.kind !== 'boolean' && secret.kind !== 'null') {
      this.add('type', secret.range, 'is_secret');
    }
    const isSecret = secret?.kind === 'boolean' && secret.sent === 'true';
    const place = isAlias(item) ? undefined : this.placeOf(map, list);
    return { key, value: this.scalarIn(map, 'value'), isSecret, place };
  }

  private placeOf(map: YAMLMap, list: YAMLSeq): EntryPlace | undefined {
    const start = map.range?.[0];
    if (start === undefined) return undefined;
    const ends = map.items.flatMap(({ key, value }) => [rangeOf(value)?.end ?? 0, rangeOf(key)?.end ?? 0]);
    const end = map.flow ? (map.range?.[1] ?? start) : Math.max(start, ...ends);
    return { range: this.withoutLineEnd({ start, end }), isInline: list.flow === true };
  }

  private mapIn(parent: unknown, name: string): YAMLMap | undefined {
    const map = this.resolve(parent);
    const value = isMap(map) ? this.resolve(this.field(map, name)?.value) : undefined;
    return isMap(value) ? value : undefined;
  }

  private textIn(map: YAMLMap | undefined, name: string): string | undefined {
    const value = this.resolve(this.field(map, name)?.value);
    return (isScalar(value) && this.scalar(value)?.sent) || undefined;
  }

  private scalarIn(map: YAMLMap, name: string): DeploymentScalar | undefined {
    const field = this.field(map, name);
    if (!field) return undefined;
    const node = field.value;
    const target = this.resolve(node);
    const place = field.alias ?? rangeOf(node);
    const absent = {
      sent: undefined,
      written: '',
      quoting: 'other',
      literalRange: undefined,
      canReplace: false,
    } as const;
    if (isMap(target) || isSeq(target)) this.add('type', place, name);
    if (isMap(target) || isSeq(target) || (isAlias(node) && target === undefined)) {
      return place && { ...absent, kind: 'unreadable', range: place };
    }
    const scalar = this.scalar(target);
    const isElsewhere = field.alias !== undefined || isAlias(node);
    if (scalar && place && isElsewhere) {
      const canReplace = field.alias === undefined;
      return { ...scalar, range: place, literalRange: undefined, quoting: 'other', canReplace };
    }
    // `? value` has nothing at all behind it.
    const range = place ?? rangeOf(field.key);
    return scalar ?? (range && { ...absent, kind: 'null', range });
  }

  /** A field in any case. The CLI takes the last in the order of letters, where small ones come last, then of lines. */
  private field(map: YAMLMap | undefined, name: string): Field | undefined {
    if (!map) return undefined;
    const found = map.items.filter(({ key }) => isScalar(key) && String(key.value).toLowerCase() === name);
    // Sorting keeps the order of those that are equal.
    const sorted = found.sort((a, b) => compareNames(nameOf(a), nameOf(b)));
    for (const { key } of sorted.slice(0, -1)) this.add('repeated-field', rangeOf(key), name);
    const last = sorted.at(-1);
    return last ? { key: last.key, value: last.value } : this.mergedField(map, name);
  }

  /** A field of `<<: *other`. */
  private mergedField(map: YAMLMap, name: string): Field | undefined {
    const merge = map.items.find(({ key }) => isScalar(key) && key.value === '<<');
    if (!merge || this.merges >= MOST_MERGES) return undefined;
    this.merges++;
    const target = this.resolve(merge.value);
    const maps = isSeq(target) ? target.items.map(each => this.resolve(each)) : [target];
    const found = maps.map(each => (isMap(each) ? this.field(each, name) : undefined)).find(each => each !== undefined);
    return found && { ...found, key: merge.key, alias: rangeOf(merge.value) };
  }

  add(kind: DeploymentProblem['kind'], range: TextRange | undefined, detail: string): void {
    if (!range || this.problems.some(each => each.kind === kind && each.range.start === range.start)) return;
    const place = this.withoutLineEnd(range);
    const whole = { start: range.start, end: Math.min(range.end, this.text.length) };
    const shown = [place, whole].find(each => each.end > each.start) ?? lastCharacter(this.text);
    this.problems.push({ kind, range: shown, detail });
  }

  /** What spans lines takes the line end behind it along. */
  private withoutLineEnd({ start, end }: TextRange): TextRange {
    return { start, end: start + this.text.slice(start, end).trimEnd().length };
  }

  private resolve(node: unknown): unknown {
    if (!isAlias(node)) return node;
    const target = node.resolve(this.document);
    if (target === undefined) this.add('syntax', rangeOf(node), `Unknown anchor ${node.source}`);
    return target;
  }

  private scalar(node: unknown): DeploymentScalar | undefined {
    if (!isScalar(node)) return undefined;
    const whole = rangeOf(node);
    if (!whole) return undefined;
    const range = this.withoutLineEnd(whole);
    const written = typeof node.value === 'string' ? node.value : (node.source ?? '');
    const quoting = quotingOf(node);
    const literalRange = literalRangeOf(this.text, written, range, quoting);
    const base = { written, quoting, literalRange, range, canReplace: true };
    if (quoting !== 'plain' || node.tag !== undefined) {
      return { ...base, sent: written, kind: 'string' };
    }
    const { kind, sent } = readPlainScalar(written);
    return { ...base, kind, sent: kind === 'null' ? undefined : sent };
  }
}

interface Field {
  readonly key: unknown;
  readonly value: unknown;
  /** The alias of the map that the field is merged from. */
  readonly alias?: TextRange | undefined;
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rangeOf(node: unknown): TextRange | undefined {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range ? { start: range[0] as number, end: range[1] as number } : undefined;
}

function quotingOf({ type }: Scalar): ScalarQuoting {
  switch (type) {
    case 'PLAIN':
      return 'plain';
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    default:
      return 'other';
  }
}

function literalRangeOf(
  text: string,
  written: string,
  { start, end }: TextRange,
  quoting: ScalarQuoting,
): TextRange | undefined {
  if (quoting === 'other') return undefined;
  const quotes = quoting === 'plain' ? 0 : 1;
  const range = { start: start + quotes, end: end - quotes };
  return text.slice(range.start, range.end) === written ? range : undefined;
}

/** What is missing at the file's end is shown there. */
function lastCharacter(text: string): TextRange {
  const end = text.trimEnd().length;
  return { start: Math.max(end - 1, 0), end };
}
