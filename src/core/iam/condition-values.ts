/** The number a text stands for, integer or decimal; NaN for any other text. */
export function parseNumber(text: string): number {
  return /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
}

const ISO_DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?)?)?$/;

/**
 * Milliseconds since 1970 of a date in one of the W3C's forms of ISO 8601 or in seconds since 1970 ("epoch time");
 * NaN for any other text. Four digits are a year; a time without zone is UTC.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function parseDate(text: string): number {
  const trimmed = text.trim();
  const match = ISO_DATE.exec(trimmed);
  if (!match) return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) * 1000 : Number.NaN;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] =
    match;
  const offset = /^[Zz]$/.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const moment = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  // Date.parse takes 30 February for 2 March.
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return Number.NaN;
  return moment + Number(`0.${fraction}`) * 1000;
}

/** The bytes of a base64 text in a form that compares, undefined where it isn't base64. */
export function decodeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  return Buffer.from(text, 'base64').toString('latin1');
}

/** The UTF-8 bytes of a text in the same form. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
