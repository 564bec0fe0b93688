import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { t } from '@vscode/l10n';
import { ExportError } from '../export-error';
import type { TextEdit } from '../text/text-range';
import type { PushedVariable } from './push-plan';

/** The name of the Deployment that a deployment file describes; undefined for a file of another kind. */
export function deploymentNameOf(text: string): string | undefined {
  const deployment = deploymentOf(text);
  const configuration = deployment && member(deployment, 'configuration');
  const name = isMap(configuration) ? member(configuration, 'name') : undefined;
  return isScalar(name) && typeof name.value === 'string' ? name.value : undefined;
}

/**
 * The edits that set variables in a deployment file: values are replaced in place, quoted so that YAML takes them as
 * they are, new variables follow the last one in its own indentation, and everything else stays.
 * https://www.astronomer.io/docs/astro/deployment-file-reference
 * Throws an {@link ExportError} `bad-settings` where the file has no list of variables that can be added to.
 */
export function editDeploymentFile(
  text: string,
  variables: readonly Pick<PushedVariable, 'key' | 'after'>[],
): TextEdit[] {
  const deployment = deploymentOf(text);
  if (!deployment) throw notEditable();
  const list = member(deployment, 'environment_variables');
  const items = isSeq(list) ? (list as YAMLSeq<Node>) : undefined;
  if (list && !items && !isEmptyValue(list)) throw notEditable();
  const edits: TextEdit[] = [];
  const added: string[] = [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  for (const { key, after } of variables) {
    const item = items?.items.find(each => isMap(each) && scalarText(member(each, 'key')) === key) as
      | YAMLMap
      | undefined;
    if (!item) added.push(key, after);
    else edits.push(setValue(text, item, after, eol));
  }
  if (added.length > 0) edits.push(append(text, deployment, items, added, eol));
  return edits;
}

function setValue(text: string, item: YAMLMap, after: string, eol: string): TextEdit {
  const value = member(item, 'value');
  if (value?.range && value.range[1] > value.range[0]) {
    // A block value's range takes in the line end behind it.
    return { range: { start: value.range[0], end: contentEnd(text, value) }, newText: quote(after) };
  }
  // `value:` with nothing behind it, or no value at all.
  const pair = item.items.find(each => scalarText(each.key as Node)?.toLowerCase() === 'value');
  const key = (pair?.key ?? item.items.at(-1)?.key) as Node | undefined;
  if (!key?.range) throw notEditable();
  if (pair) {
    const colon = text.indexOf(':', key.range[1]);
    return { range: { start: colon + 1, end: colon + 1 }, newText: ` ${quote(after)}` };
  }
  const lineStart = text.lastIndexOf('\n', key.range[0]) + 1;
  const indent = ' '.repeat(key.range[0] - lineStart);
  return { range: { start: key.range[0], end: key.range[0] }, newText: `value: ${quote(after)}${eol}${indent}` };
}

function append(
  text: string,
  deployment: YAMLMap,
  items: YAMLSeq<Node> | undefined,
  added: readonly string[],
  eol: string,
): TextEdit {
  const last = items?.items.at(-1);
  const dash = last?.range ? text.lastIndexOf('-', last.range[0]) : -1;
  if (items?.flow || (last && dash < 0)) throw notEditable();
  const [indent, start, heading] = last
    ? [' '.repeat(dash - (text.lastIndexOf('\n', dash) + 1)), endOfLine(text, contentEnd(text, last)), '']
    : emptyList(text, deployment, eol);
  let newText = heading;
  for (let i = 0; i < added.length; i += 2) {
    newText += `${eol}${indent}- is_secret: false${eol}${indent}  key: ${added[i]}${eol}${indent}  value: ${quote(added[i + 1] as string)}`;
  }
  return { range: { start, end: start }, newText };
}

/** Where the first variable goes in a Deployment that has none. */
function emptyList(text: string, deployment: YAMLMap, eol: string): readonly [string, number, string] {
  const pair = deployment.items.find(each => scalarText(each.key as Node)?.toLowerCase() === 'environment_variables');
  const first = deployment.items[0]?.key as Node | undefined;
  if (!first?.range) throw notEditable();
  const indent = ' '.repeat(first.range[0] - (text.lastIndexOf('\n', first.range[0]) + 1));
  const key = pair?.key as Node | undefined;
  if (key?.range) {
    const end = endOfLine(text, key.range[1]);
    if (!/^\s*:\s*$/.test(text.slice(key.range[1], end))) throw notEditable();
    return [`${indent}  `, end, ''];
  }
  // Before the first member, so that nothing of another's comes between.
  const before = text.lastIndexOf('\n', first.range[0]);
  if (before < 0) throw notEditable();
  const start = text[before - 1] === '\r' ? before - 1 : before;
  return [`${indent}  `, start, `${eol}${indent}environment_variables:`];
}

/** Where a node's own text ends: comments and blank lines behind it belong to what follows. */
function contentEnd(text: string, node: Node): number {
  const end = node.range?.[1] ?? 0;
  return text.slice(0, end).trimEnd().length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function deploymentOf(text: string): YAMLMap | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const deployment = member(document.contents as YAMLMap, 'deployment');
  return isMap(deployment) ? (deployment as YAMLMap) : undefined;
}

/** A member by its name, which the CLI reads in any case. */
function member(map: YAMLMap, name: string): Node | undefined {
  const pair = map.items.find(each => scalarText(each.key as Node)?.toLowerCase() === name);
  return (pair?.value ?? undefined) as Node | undefined;
}

function scalarText(node: Node | null | undefined): string | undefined {
  return isScalar(node) && node.value !== null ? String(node.value) : undefined;
}

function isEmptyValue(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function quote(value: string): string {
  return JSON.stringify(value);
}

function notEditable(): ExportError {
  return new ExportError(
    'bad-settings',
    t('The deployment file’s environment_variables are written in a way that can not be edited safely.'),
    t('Edit the file by hand, then run "astro deployment update --deployment-file".'),
  );
}
