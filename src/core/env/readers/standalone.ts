import { goString, trimSpace } from './go-text';
import type { Reader } from './reader';
import { accepted } from './reading';

/**
 * `astro dev start --standalone` and its pytest: trimmed lines, no comments after a value, one pair of matching quotes
 * taken off. https://github.com/astronomer/astro-cli/blob/main/pkg/airflowrt/env.go
 */
export const readAsStandalone: Reader = bytes => {
  const variables = new Map<string, string>();
  for (const untrimmed of goString(bytes).split('\n')) {
    const line = trimSpace(untrimmed);
    const equals = line.indexOf('=');
    if (equals < 0 || line.startsWith('#')) continue;
    variables.set(line.slice(0, equals), unquote(line.slice(equals + 1)));
  }
  return accepted(variables);
};

function unquote(value: string): string {
  const first = value.charAt(0);
  const quoted = value.length >= 2 && (first === '"' || first === "'") && value.endsWith(first);
  return quoted ? value.slice(1, -1) : value;
}
