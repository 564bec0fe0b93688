import { goQuote, goString, scanLines, TOO_LONG } from './go-text';
import { fromFile, type Reader } from './reader';
import { accepted, rejected } from './reading';

/**
 * `podman run --env-file`, in docker's place where podman is the engine: as docker's, but any key is taken, and a bare
 * `KEY*` takes every variable of the shell that begins so.
 * https://github.com/containers/podman/blob/main/pkg/env/env.go
 */
export const readAsPodman: Reader = (bytes, shell) => {
  const { lines, tooLong } = scanLines(bytes);
  const variables = new Map<string, string>();
  for (const lineBytes of lines) {
    const line = goString(lineBytes).replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    if (equals === 0) return rejected('invalid variable: ', fromFile(line, goQuote(line)));
    if (equals > 0) variables.set(line.slice(0, equals), line.slice(equals + 1));
    else for (const [name, value] of inherited(line, shell)) variables.set(name, value);
  }
  return tooLong ? rejected(TOO_LONG) : accepted(variables);
};

function inherited(line: string, shell: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  if (!line.endsWith('*')) return Object.hasOwn(shell, line) ? [[line, shell[line] ?? '']] : [];
  const prefix = line.slice(0, -1);
  return Object.entries(shell).filter(([name]) => name.startsWith(prefix));
}
