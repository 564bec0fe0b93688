/** Puts parts of a message one after another, each with a capital and an end: `No bucket. Create it.` */
export function asSentences(...parts: readonly (string | null | undefined)[]): string {
  return parts
    .flatMap(part => part?.trim() || [])
    .map(part => part.charAt(0).toUpperCase() + part.slice(1) + (/[.!?:…)]$/.test(part) ? '' : '.'))
    .join(' ');
}
