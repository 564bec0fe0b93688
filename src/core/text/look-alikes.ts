import { t } from '@vscode/l10n';
import type { TextRange } from './text-range';

/** A run of characters that look like ASCII, or like nothing, and are not. */
export interface LookAlike extends TextRange {
  /** What belongs there; empty where nothing does. */
  readonly replacement: string;
  /** The first of the run, as a message shows it: `U+2011 (non-breaking hyphen)`. */
  readonly name: string;
}

export interface LookAlikeOptions {
  /** Letters of other scripts too, which in a free text are as good as any: Cyrillic а, full-width Ａ. */
  readonly letters?: boolean;
}

/** Characters that web pages, word processors and chat programs put in place of ASCII ones: code point → replacement. */
const SIGNS = new Map<number, string>();
const LETTERS = new Map<number, string>();

function define(table: Map<number, string>, characters: string, replacement: string): void {
  for (const character of characters) table.set(character.codePointAt(0) as number, replacement);
}

define(SIGNS, '\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d\u30fc\u2500', '-');
define(SIGNS, '\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02', '"');
define(SIGNS, '\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4\uff07', "'");
define(SIGNS, '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' ');
define(SIGNS, '\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u200e\u200f\u061c\u2028\u2029\u0085', '');
define(SIGNS, '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0e\ufe0f', '');
define(SIGNS, '\u2044\u2215\u29f8\uff0f', '/');
define(SIGNS, '\ua789\u2236\ufe55\uff1a', ':');
define(SIGNS, '\uff3f\u2017\ufe4d\ufe4e\ufe4f', '_');
define(SIGNS, '\uff1d\ufe66\ua78a', '=');
define(SIGNS, '\uff0e\u2024\ufe52', '.');

for (let code = 0xff10; code <= 0xff5a; code++) {
  const ascii = String.fromCharCode(code - 0xfee0);
  if (/[0-9A-Za-z]/.test(ascii)) LETTERS.set(code, ascii);
}
for (const [script, latin] of [
  ['\u0430\u0441\u0501\u0435\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u04cf', 'acdeijopsxyl'],
  ['\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423', 'ABCEHIJKMOPSTXY'],
  ['\u03bf\u03bd\u03b1', 'ova'],
  ['\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7\u03a5\u0396', 'ABEHIKMNOPTXYZ'],
] as const) {
  [...script].forEach((character, i) => {
    LETTERS.set(character.codePointAt(0) as number, latin[i] as string);
  });
}

const NAMES: Readonly<Record<number, () => string>> = {
  8208: () => t('typographic hyphen'),
  8209: () => t('non-breaking hyphen'),
  8211: () => t('en dash'),
  8212: () => t('em dash'),
  8722: () => t('minus sign'),
  173: () => t('soft hyphen, invisible'),
  160: () => t('no-break space'),
  8239: () => t('narrow no-break space'),
  8203: () => t('zero-width space, invisible'),
  8204: () => t('zero-width non-joiner, invisible'),
  8205: () => t('zero-width joiner, invisible'),
  8288: () => t('word joiner, invisible'),
  65279: () => t('byte order mark, invisible'),
  8216: () => t('smart quote'),
  8217: () => t('smart quote'),
  8220: () => t('smart quote'),
  8221: () => t('smart quote'),
  8222: () => t('smart quote'),
};

const BEYOND_ASCII = /[^\0-\x7f]/;
const ZERO_WIDTH_NON_JOINER = 0x200c;
const ZERO_WIDTH_JOINER = 0x200d;
const VARIATION_SELECTORS: readonly number[] = [0xfe0e, 0xfe0f];

/** Every run of look-alikes in a text. Neighbours with the same replacement make one run. */
export function findLookAlikes(text: string, options: LookAlikeOptions = {}): LookAlike[] {
  if (!BEYOND_ASCII.test(text)) return [];
  const found: { -readonly [K in keyof LookAlike]: LookAlike[K] }[] = [];
  let runCharacter = '';
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    const replacement = SIGNS.get(code) ?? (options.letters ? LETTERS.get(code) : undefined);
    if (replacement === undefined || (!options.letters && belongsToWord(text, at, code))) continue;
    const last = found.at(-1);
    if (last && last.end === at && runCharacter === replacement) {
      last.end = at + 1;
      last.replacement += replacement;
    } else {
      found.push({ start: at, end: at + 1, replacement, name: nameCharacter(code) });
    }
    runCharacter = replacement;
  }
  return found;
}

/** Joiners and variation selectors inside words and pictures of other scripts are part of them. */
function belongsToWord(text: string, at: number, code: number): boolean {
  if (code === ZERO_WIDTH_JOINER || code === ZERO_WIDTH_NON_JOINER) {
    return text.charCodeAt(at - 1) > 0xff && text.charCodeAt(at + 1) > 0xff && !SIGNS.has(text.charCodeAt(at + 1));
  }
  return VARIATION_SELECTORS.includes(code) && text.charCodeAt(at - 1) > 0xff;
}

/** The text with every look-alike replaced. */
export function replaceLookAlikes(text: string, options: LookAlikeOptions = {}): string {
  let result = '';
  let from = 0;
  for (const found of findLookAlikes(text, options)) {
    result += text.slice(from, found.start) + found.replacement;
    from = found.end;
  }
  return result + text.slice(from);
}

/** `U+2011 (non-breaking hyphen)`; the code point alone where there is no common name for it. */
export function nameCharacter(code: number): string {
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES[code]?.();
  return name === undefined ? point : `${point} (${name})`;
}
