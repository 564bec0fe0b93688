import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** Line and column, both from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a statement stands in a policy's text. */
export function statementPosition(
  text: string,
  index: number,
): { readonly start: Position; readonly end: Position } | undefined {
  const root = parseTree(text);
  const list = root && findNodeAtLocation(root, ['Statement']);
  const node = list?.type === 'array' ? list.children?.[index] : list;
  if (!node) return undefined;
  return { start: positionAt(text, node.offset), end: positionAt(text, node.offset + node.length) };
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
