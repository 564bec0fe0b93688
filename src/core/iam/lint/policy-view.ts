import type { Node } from 'jsonc-parser';
import { replaceLookAlikes } from '../../text/look-alikes';
import type { TextRange } from '../../text/text-range';

/** One string of a policy, as it is meant: look-alike characters replaced. */
export interface TextNode {
  readonly value: string;
  readonly node: Node;
}

/** An element of a statement: a name and its value. */
export interface Element {
  readonly key: Node;
  readonly value: Node;
}

/** A statement with the places of its parts. Of repeated elements the last counts, as `JSON.parse` has it. */
export interface StatementView {
  readonly node: Node;
  /** Zero-based place in the policy. */
  readonly index: number;
  readonly elements: ReadonlyMap<string, Element>;
  readonly effect: 'Allow' | 'Deny' | undefined;
  readonly sid: string | undefined;
  readonly actions: readonly TextNode[];
  readonly notActions: readonly TextNode[];
  readonly resources: readonly TextNode[];
  readonly notResources: readonly TextNode[];
  /** The principals by kind (`AWS`, `Service`, …); a bare `*` is of the kind `*`. */
  readonly principals: readonly (TextNode & { readonly kind: string })[];
  readonly conditions: readonly ConditionView[];
}

/** One key of a condition: operator, key and values. */
export interface ConditionView {
  readonly operator: string;
  readonly key: string;
  readonly keyNode: Node;
  readonly values: readonly TextNode[];
}

/** The range of a node, without its quotes where it is a string. */
export function rangeOf(node: Node): TextRange {
  return { start: node.offset, end: node.offset + node.length };
}

/** The range of a part of a string's value; the whole string where escapes or look-alikes keep them from agreeing. */
export function partOf({ value, node }: TextNode, part: TextRange, source: string): TextRange {
  const inner = source.slice(node.offset + 1, node.offset + node.length - 1);
  if (inner !== value || part.start === part.end) return rangeOf(node);
  return { start: node.offset + 1 + part.start, end: node.offset + 1 + part.end };
}

/** The members of an object by name, the last of each. */
export function membersOf(node: Node | undefined): ReadonlyMap<string, Element> {
  const members = new Map<string, Element>();
  if (node?.type !== 'object') return members;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key && value) members.set(String(key.value), { key, value });
  }
  return members;
}

/** The statements of a policy, as far as they are objects. */
export function statementsOf(root: Node): StatementView[] {
  const statement = membersOf(root).get('Statement')?.value;
  const nodes = statement?.type === 'array' ? (statement.children ?? []) : statement ? [statement] : [];
  return nodes.flatMap((node, index) => (node.type === 'object' ? [viewOf(node, index)] : []));
}

function viewOf(node: Node, index: number): StatementView {
  const elements = membersOf(node);
  const effect = elements.get('Effect')?.value.value;
  const sid = elements.get('Sid')?.value.value;
  const texts = (name: string) => textsOf(elements.get(name)?.value);
  return {
    node,
    index,
    elements,
    effect: effect === 'Allow' || effect === 'Deny' ? effect : undefined,
    sid: typeof sid === 'string' ? sid : undefined,
    actions: texts('Action'),
    notActions: texts('NotAction'),
    resources: texts('Resource'),
    notResources: texts('NotResource'),
    principals: principalsOf(elements.get('Principal')?.value),
    conditions: conditionsOf(elements.get('Condition')?.value),
  };
}

/** The strings of a string or of a list of them. */
function textsOf(node: Node | undefined): TextNode[] {
  const nodes = node?.type === 'array' ? (node.children ?? []) : node ? [node] : [];
  return nodes.flatMap(each =>
    each.type === 'string' ? [{ value: replaceLookAlikes(each.value, { letters: true }), node: each }] : [],
  );
}

function principalsOf(node: Node | undefined): (TextNode & { kind: string })[] {
  if (node?.type === 'string') return [{ value: String(node.value), node, kind: '*' }];
  return [...membersOf(node)].flatMap(([kind, { value }]) => textsOf(value).map(text => ({ ...text, kind })));
}

function conditionsOf(node: Node | undefined): ConditionView[] {
  return [...membersOf(node)].flatMap(([operator, { value }]) =>
    [...membersOf(value)].map(([key, member]) => {
      const values = member.value.type === 'array' ? (member.value.children ?? []) : [member.value];
      return {
        operator,
        key,
        keyNode: member.key,
        values: values.map(each => ({ value: String(each.value), node: each })),
      };
    }),
  );
}
