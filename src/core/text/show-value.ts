const LONGEST = 80;

/** A value as one line of a message shows it: cut where it is long, control characters by their code point. */
export function showValue(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replace(
    /\p{Cc}/gu,
    character => `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
