/** What an unquoted YAML value is to the Astro CLI. */
export interface PlainScalar {
  readonly kind: 'string' | 'boolean' | 'number' | 'null';
  /** The text that is sent; empty for null. */
  readonly sent: string;
}

const TRUE = ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'];
const FALSE = ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'];
const NULL = ['', '~', 'null', 'Null', 'NULL'];
const NOT_A_NUMBER = ['.nan', '.NaN', '.NAN'];
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;

const INTEGER = /^([-+]?)(?:0([xX][0-9a-fA-F]+|[bB][01]+|[oO]?[0-7]+)|(0|[1-9]\d*))$/;
const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const LONGEST = 500;

/**
 * Reads a plain scalar by the rules of YAML 1.1, and turns it into a string as the CLI's YAML library does: octal
 * numbers become decimal ones, and fractions lose what 32 bits can't hold.
 * https://pkg.go.dev/github.com/ghodss/yaml
 */
export function readPlainScalar(text: string): PlainScalar {
  if (TRUE.includes(text)) return { kind: 'boolean', sent: 'true' };
  if (FALSE.includes(text)) return { kind: 'boolean', sent: 'false' };
  if (NULL.includes(text)) return { kind: 'null', sent: '' };
  const number = text.length > LONGEST ? undefined : readNumber(text);
  return number === undefined ? { kind: 'string', sent: text } : { kind: 'number', sent: number };
}

function readNumber(text: string): string | undefined {
  if (NOT_A_NUMBER.includes(text)) return 'NaN';
  const infinite = INFINITE.exec(text);
  if (infinite) return `${infinite[1] === '-' ? '-' : '+'}Inf`;
  if (!/^[-+.\d]/.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const integer = readInteger(digits);
  if (integer !== undefined) return integer;
  const value = DECIMAL.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? printFloat32(value) : undefined;
}

const LEAST = -(2n ** 63n);
const BEYOND = 2n ** 64n;

/** An integer of 64 bits: decimal, hexadecimal, binary, or octal with a leading zero. */
function readInteger(digits: string): string | undefined {
  const match = INTEGER.exec(digits);
  if (!match) return undefined;
  const [, sign, based, decimal] = match;
  const magnitude = BigInt(
    decimal ?? `0${/^[0-7]/.test(based as string) ? 'o' : ''}${(based as string).toLowerCase()}`,
  );
  const value = sign === '-' ? -magnitude : magnitude;
  return value >= LEAST && value < BEYOND ? value.toString() : undefined;
}

/** The shortest digits that name the same 32-bit number, with an exponent from a million on and below 0.0001. */
function printFloat32(value: number): string {
  const narrow = Math.fround(value);
  if (!Number.isFinite(narrow)) return narrow > 0 ? '+Inf' : '-Inf';
  if (narrow === 0) return Object.is(narrow, -0) ? '-0' : '0';
  let shortest = narrow.toExponential(8);
  for (let precision = 0; precision < 8; precision++) {
    const candidate = narrow.toExponential(precision);
    if (Math.fround(Number(candidate)) === narrow) {
      shortest = candidate;
      break;
    }
  }
  const [mantissa = '', exponent = '0'] = shortest.split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return `${Number(shortest)}`;
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
