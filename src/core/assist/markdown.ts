const LONGEST = 120;

/**
 * A value out of a file as code in Markdown. Of a value of several lines the first is shown: what follows it is
 * mostly another variable, which an unclosed quote took in, and may be a secret.
 */
export function codeSpan(value: string): string {
  const [first = '', ...others] = value.split(/\r\n|\n|\r/);
  const cut = first.length > LONGEST || others.length > 0 ? `${first.slice(0, LONGEST)}…` : first;
  const shown = cut.replace(/\p{Cc}/gu, '\u{fffd}');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // One blank at each end is taken off by Markdown, so that the text may begin or end in a backtick.
  return /^[` ]|[` ]$/.test(shown) ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}
