/** Puts parts of a message one after another, each with a capital and an end: `No bucket. Create it.` */
export function asSentences(...parts: readonly (string | null | undefined)[]): string {
  return parts
    .flatMap(part => part?.trim() || [])
    .map(part => withCapital(part) + (/[.!?:…)]$/.test(part) ? '' : '.'))
    .join(' ');
}

/** A first word that is a name (`s3:PutObject`, `arn:…`) stays as it is. */
function withCapital(text: string): string {
  return /^\p{Ll}+[,.;]?(\s|$)/u.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
