import { goString, scanLines, TOO_LONG, trimSpaceLeft } from './go-text';
import { fromFile, type Reader } from './reader';
import { accepted, rejected } from './reading';

/**
 * `docker run --env-file`, by which `astro dev pytest`, `dev parse`, `run` and the tests of `astro deploy` read: values
 * as they stand, and the whole file refused for a blank in a key or a byte that isn't UTF-8.
 * https://docs.docker.com/reference/cli/docker/container/run/#env
 */
export const readAsDocker: Reader = (bytes, shell) => {
  const { lines, tooLong } = scanLines(bytes);
  const variables = new Map<string, string>();
  for (const [i, lineBytes] of lines.entries()) {
    const text = goString(lineBytes);
    if (/[\udc80-\udcff]/u.test(text)) {
      return rejected(`invalid utf8 bytes at line ${i + 1}: `, fromFile(text, `[${lineBytes.join(' ')}]`));
    }
    const line = trimSpaceLeft(i === 0 && text.startsWith('\ufeff') ? text.slice(1) : text);
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (key === '') return rejected("no variable name on line '", fromFile(line), "'");
    if (/[ \t]/.test(key)) return rejected("variable '", fromFile(key), "' contains whitespaces");
    if (equals >= 0) variables.set(key, line.slice(equals + 1));
    else if (Object.hasOwn(shell, key)) variables.set(key, shell[key] ?? '');
  }
  return tooLong ? rejected(TOO_LONG) : accepted(variables);
};
