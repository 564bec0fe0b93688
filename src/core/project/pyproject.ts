import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { TextRange } from '../text/text-range';
import { type Piece, parseRequirement, type Requirement } from './requirement';

/** An Astro project as the CLI's version 2 reads it from `pyproject.toml`. */
export interface AstroManifest {
  readonly text: string;
  /** The name of the table that makes it an Astro project: `tool.astro`. */
  readonly range: TextRange;
  /** The Runtime that the image is made from. */
  readonly runtime?: Piece;
  /** The Dockerfile that is built instead, which then installs what it needs itself. */
  readonly dockerfile?: Piece;
  /** Those that stand in strings without escapes. */
  readonly dependencies: readonly Requirement[];
  /** The list itself; absent where there is none. */
  readonly list?: DependencyList;
}

export interface DependencyList extends TextRange {
  /** The string that is the last element. */
  readonly last?: TextRange;
}

/**
 * Reads `[tool.astro]` and `[project].dependencies`; undefined for a file without the first, or one that isn't TOML.
 * https://github.com/astronomer/astro-cli/blob/main/docs/manifest-reference.md
 */
export function readAstroManifest(text: string): AstroManifest | undefined {
  const entries = readEntries(text);
  const astro = entries.find(({ path }) => isBelow(path, ['tool', 'astro']));
  if (!astro) return undefined;
  const runtime = stringAt(entries, ['tool', 'astro', 'runtime']);
  const dockerfile = stringAt(entries, ['tool', 'astro', 'dockerfile']);
  const value = valueAt(entries, ['project', 'dependencies']);
  const array = value?.type === 'TOMLArray' ? value : undefined;
  const strings = array?.elements.flatMap(each => literal(text, each) ?? []) ?? [];
  const last = array?.elements.at(-1);
  return {
    text,
    range: astro.keyRange,
    ...(runtime && { runtime }),
    ...(dockerfile && { dockerfile }),
    dependencies: strings.flatMap(each => parseRequirement(each.text, each.start) ?? []),
    ...(array && { list: { ...toRange(array), ...(last && { last: toRange(last) }) } }),
  };

  function stringAt(all: readonly Entry[], path: readonly string[]): Piece | undefined {
    const found = valueAt(all, path);
    return found && literal(text, found);
  }
}

/** One key of the file, a table's name too. */
interface Entry {
  readonly path: readonly string[];
  readonly keyRange: TextRange;
  readonly value?: AST.TOMLContentNode;
}

function readEntries(text: string): readonly Entry[] {
  try {
    const entries: Entry[] = [];
    // The parser takes no byte order mark; a blank in its place keeps the offsets.
    for (const node of parseTOML(text.replace(/^\ufeff/, ' ')).body[0].body) collect(node, [], entries);
    return entries;
  } catch (error) {
    if (error instanceof ParseError || error instanceof RangeError) return [];
    throw error;
  }
}

function collect(node: AST.TOMLKeyValue | AST.TOMLTable, prefix: readonly string[], entries: Entry[]): void {
  if (node.type === 'TOMLTable') {
    const path = node.resolvedKey.map(String);
    entries.push({ path, keyRange: toRange(node.key) });
    for (const each of node.body) collect(each, path, entries);
    return;
  }
  const path = [...prefix, ...node.key.keys.map(key => (key.type === 'TOMLBare' ? key.name : key.value))];
  entries.push({ path, keyRange: toRange(node.key), value: node.value });
  if (node.value.type === 'TOMLInlineTable') for (const each of node.value.body) collect(each, path, entries);
}

function isBelow(path: readonly string[], parent: readonly string[]): boolean {
  return parent.every((part, i) => path[i] === part);
}

function valueAt(entries: readonly Entry[], path: readonly string[]): AST.TOMLContentNode | undefined {
  return entries.find(each => each.path.length === path.length && isBelow(each.path, path))?.value;
}

/** A string whose characters stand in the file as they are; its place is inside the quotes. */
function literal(source: string, node: AST.TOMLContentNode): Piece | undefined {
  if (node.type !== 'TOMLValue' || node.kind !== 'string') return undefined;
  const { start, end } = toRange(node);
  const quotes = node.multiline ? 3 : 1;
  const text = source.slice(start + quotes, end - quotes);
  return text === node.value ? { text, start: start + quotes, end: end - quotes } : undefined;
}

function toRange({ range }: { readonly range: readonly [number, number] }): TextRange {
  return { start: range[0], end: range[1] };
}
