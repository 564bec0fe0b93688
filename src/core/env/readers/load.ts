import { goString, scanLines, TOO_LONG, trimChar, trimSpace } from './go-text';
import { fromFile, type MessagePart, type Reader } from './reader';
import { accepted } from './reading';

/**
 * `astro deployment variable create|update --load --env FILE`: lines of its own making. What is wrong in a line costs
 * that line and the exit code; a line too long for it ends the reading, with exit 0.
 * https://github.com/astronomer/astro-cli/blob/main/cloud/deployment/deployment_variable.go
 */
export const readAsLoad: Reader = bytes => {
  const { lines, tooLong } = scanLines(bytes);
  const variables = new Map<string, string>();
  const messages: MessagePart[][] = tooLong ? [[TOO_LONG]] : [];
  let exit = 0;
  const complain = (...parts: MessagePart[]) => {
    messages.push(parts);
    exit = 1;
  };
  for (const line of lines.map(goString)) {
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(equals, 0));
    const value = line.slice(equals + 1);
    if (equals < 0) complain(fromFile(line), ' is an improperly formatted variable, no variable created');
    else if (key === '') complain('empty key! skipping creating variable with key: ');
    else if (value === '') complain('empty value! skipping creating variable with key: ', fromFile(key));
    else if (variables.has(key)) {
      complain('key ', fromFile(key), ' already exists within the file specified, skipping creation');
    } else variables.set(key, trimSpace(trimChar(trimChar(value, '"'), "'")));
  }
  return accepted(
    variables,
    exit,
    messages.flatMap((parts, i) => (i === 0 ? parts : ['\n', ...parts])),
  );
};
