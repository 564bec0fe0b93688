import type { TextRange } from '../text/text-range';

/** A text and where it stands. */
export interface Piece extends TextRange {
  readonly text: string;
}

/** One requirement, as pip reads it. */
export interface Requirement {
  /** As PEP 503 compares names: small letters, one hyphen. */
  readonly name: string;
  readonly nameRange: TextRange;
  /** Behind the name and its extras, where a version range belongs. */
  readonly versionStart: number;
  /** With the parentheses that may stand round it; absent where any version will do. */
  readonly specifier?: Piece;
  /** The version that the file name at an address tells; absent where none does. */
  readonly fileVersion?: Piece;
  /** Whether the requirement is an address or a path, which takes no version range. */
  readonly isAddress: boolean;
  readonly marker?: Piece;
  /** Whether it stands in a line with `--hash`, which fits one version only. */
  readonly hasHash: boolean;
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

const NAME = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)(?=$|[\s[(<>=!~;@,#])/;
const LONGEST = 10_000;
const ARCHIVE = /\.(?:whl|tar\.gz|tar\.bz2|tar\.xz|tgz|zip)$/i;

/**
 * Reads what stands in one line of a requirements file, or in one string of `dependencies`; `start` is where the text
 * begins in its file. Undefined for a line that names no package.
 * https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
export function parseRequirement(line: string, start: number): Requirement | undefined {
  if (line.length > LONGEST) return undefined;
  const options = /\s--?[A-Za-z]/.exec(line)?.index ?? line.length;
  const text = line.slice(0, options).trimEnd();
  const from = text.length - text.trimStart().length;
  const body = text.slice(from);
  const at = (range: TextRange): TextRange => ({ start: start + range.start, end: start + range.end });
  const piece = (range: TextRange): Piece => ({ text: text.slice(range.start, range.end), ...at(range) });
  const hasHash = /\s--hash\b/.test(line);
  const name = NAME.exec(body)?.[1];
  if (name === undefined || isFile(body)) return parseAddress(text, from, text.length, hasHash, piece);

  let next = from + name.length;
  const nameRange = at({ start: from, end: next });
  next += /^\s*\[[^\]]*\]/.exec(text.slice(next))?.[0].length ?? 0;
  const known = { hasHash, name: normalizeName(name), nameRange, versionStart: start + next };
  next = behindBlanks(text, next);
  if (text[next] === '@') {
    const semicolon = /\s;/.exec(text.slice(next));
    const end = semicolon ? next + semicolon.index : text.length;
    const address = parseAddress(text, next + 1, end, hasHash, piece);
    return { ...known, isAddress: true, ...pick(address), ...markerOf(text, end, piece) };
  }
  const semicolon = text.indexOf(';', next);
  const end = semicolon < 0 ? text.length : semicolon;
  const specifier = { start: next, end: next + text.slice(next, end).trimEnd().length };
  return {
    ...known,
    isAddress: false,
    ...(specifier.end > specifier.start ? { specifier: piece(specifier) } : {}),
    ...markerOf(text, end, piece),
  };
}

function pick(address: Requirement | undefined): Pick<Requirement, 'fileVersion'> {
  return address?.fileVersion ? { fileVersion: address.fileVersion } : {};
}

function behindBlanks(text: string, from: number): number {
  return text.length - text.slice(from).trimStart().length;
}

/** `x-1.0-py3-none-any.whl`, which begins like a name; what has a scheme or a folder before it doesn't. */
function isFile(body: string): boolean {
  return ARCHIVE.test(body.split(/[\s;]/, 1)[0] as string);
}

function markerOf(text: string, from: number, piece: (range: TextRange) => Piece): Pick<Requirement, 'marker'> {
  const semicolon = text.indexOf(';', from);
  if (semicolon < 0) return {};
  const start = behindBlanks(text, semicolon + 1);
  return start < text.length ? { marker: piece({ start, end: text.length }) } : {};
}

/** The package that an address names: by its file, or by `#egg=`. */
function parseAddress(
  text: string,
  from: number,
  to: number,
  hasHash: boolean,
  piece: (range: TextRange) => Piece,
): Requirement | undefined {
  const start = to - text.slice(from, to).trimStart().length;
  const end = start + (text.slice(start, to).split(/\s/, 1)[0] as string).length;
  const address = text.slice(start, end);
  const path = address.split(/[?#]/, 1)[0] as string;
  const fileStart = path.lastIndexOf('/') + 1;
  const found = readFileName(path.slice(fileStart));
  const egg = /[#&]egg=([\w.-]+)/.exec(address)?.[1];
  const name = egg ?? found?.name;
  if (name === undefined) return undefined;
  const version = found && { start: start + fileStart + found.start, end: start + fileStart + found.end };
  const { start: nameStart, end: nameEnd } = piece({ start, end });
  return {
    hasHash,
    name: normalizeName(name),
    nameRange: { start: nameStart, end: nameEnd },
    versionStart: nameEnd,
    isAddress: true,
    ...(version ? { fileVersion: piece(version) } : {}),
    ...markerOf(text, end, piece),
  };
}

/** `name-1.6.3-py3-none-any.whl` or `name-1.6.3.tar.gz`. */
function readFileName(file: string): { name: string; start: number; end: number } | undefined {
  const archive = ARCHIVE.exec(file);
  if (!archive) return undefined;
  const stem = file.slice(0, archive.index);
  const match = /(.+?)-(\d[^-]*)(?=$|-)/.exec(stem);
  if (!match) return undefined;
  const [name, version] = match.slice(1) as [string, string];
  return { name, start: name.length + 1, end: name.length + 1 + version.length };
}
