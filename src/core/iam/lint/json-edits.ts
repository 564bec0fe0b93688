import type { Node } from 'jsonc-parser';
import type { TextEdit, TextRange } from '../../text/text-range';

/** The edits that change a JSON text in one place and leave its formatting as it is. */

/** Takes an element out of its list, or a member out of its object, with the comma that divides it from its neighbour. */
export function removeItem(text: string, item: Node): TextEdit[] {
  const siblings = item.parent?.children ?? [item];
  const at = siblings.indexOf(item);
  const end = item.offset + item.length;
  const before = siblings[at - 1];
  if (before) return [deletion({ start: before.offset + before.length, end })];
  const after = siblings[at + 1];
  if (after) return [deletion({ start: item.offset, end: after.offset })];
  const opening = text.lastIndexOf(item.parent?.type === 'array' ? '[' : '{', item.offset - 1) + 1;
  return [deletion({ start: Math.min(opening, item.offset), end })];
}

/** Adds strings to an element that is a string or a list of them. */
export function addStrings(text: string, node: Node, strings: readonly string[]): TextEdit[] {
  const printed = strings.map(each => JSON.stringify(each));
  if (node.type !== 'array') {
    return [insertion(node.offset, '['), insertion(node.offset + node.length, `, ${printed.join(', ')}]`)];
  }
  return addItems(text, node, printed);
}

/** Puts printed values behind the last of a list or an object, divided as those there are. */
export function addItems(text: string, node: Node, printed: readonly string[]): TextEdit[] {
  const children = node.children ?? [];
  const last = children.at(-1);
  if (!last)
    return [{ range: { start: node.offset + 1, end: node.offset + node.length - 1 }, newText: printed.join(', ') }];
  const divider = dividerBefore(text, last);
  const end = last.offset + last.length;
  return [insertion(end, printed.map(each => `,${divider || ' '}${each}`).join(''))];
}

/** The blanks before an item, if they hold a line end; else one blank. */
function dividerBefore(text: string, item: Node): string {
  let start = item.offset;
  while (/\s/.test(text[start - 1] ?? '')) start--;
  const blanks = text.slice(start, item.offset);
  if (!/[\r\n]/.test(blanks)) return ' ';
  // Empty lines between items aren't repeated.
  return /(?:\r\n?|\n)[ \t]*$/.exec(blanks)?.[0] ?? blanks;
}

/** A value as it is printed in a text: over several lines, in the text's own style, where the text has them. */
export function printAs(text: string, value: unknown, at: Node): string {
  const lineEnd = /\r\n?|\n/.exec(text)?.[0];
  if (lineEnd === undefined) return JSON.stringify(value);
  const indent = /[\r\n]([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const lineStart = Math.max(text.lastIndexOf('\n', at.offset - 1), text.lastIndexOf('\r', at.offset - 1)) + 1;
  const margin = /^[ \t]*/.exec(text.slice(lineStart, at.offset))?.[0] ?? '';
  return JSON.stringify(value, null, indent).replaceAll('\n', `${lineEnd}${margin}`);
}

export function replacement(range: TextRange, newText: string): TextEdit {
  return { range, newText };
}

function insertion(at: number, newText: string): TextEdit {
  return { range: { start: at, end: at }, newText };
}

function deletion(range: TextRange): TextEdit {
  return { range, newText: '' };
}
