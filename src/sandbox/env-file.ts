/**
 * What an env file says, read for the sandbox alone: the client's own reader is what the sandbox tests. Takes
 * `KEY=value`, one a line, with or without `export` and matching quotes; the last of several wins.
 */
export function readEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const [, key, rest = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? [];
    if (key !== undefined) values.set(key, unquote(rest.trim()));
  }
  return values;
}

function unquote(text: string): string {
  const [, quoted] = /^(?:"([^"]*)"|'([^']*)')\s*(?:#.*)?$/.exec(text)?.filter(part => part !== undefined) ?? [];
  return quoted ?? text.replace(/\s+#.*$/, '');
}
