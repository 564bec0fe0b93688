import type { Node } from 'jsonc-parser';
import type { OneOrMany, PolicyCondition, PolicyDocument, PolicyPrincipal, PolicyStatement } from '../policy';
import type { PolicyReading } from './policy-reading';
import { type ConditionView, membersOf, type StatementView, type TextNode } from './policy-view';

/**
 * The policy as it is meant, for the evaluator: one statement for each view, in their order. What IAM would refuse is left
 * out, since it has a finding of its own; a value that a template fills in (CloudFormation's `Fn::Sub`) is `*`.
 */
export function documentOf({ source, statements, kind }: PolicyReading): PolicyDocument {
  const version = source.root && membersOf(source.root).get('Version')?.value.value;
  return {
    ...(version === '2012-10-17' ? { Version: version } : {}),
    Statement: statements.map(view => statementOf(view, kind === 'trust')),
  };
}

const NOTHING: PolicyStatement = { Effect: 'Allow', Action: [], Resource: [] };

function statementOf(view: StatementView, isTrust: boolean): PolicyStatement {
  const { effect, elements } = view;
  if (effect === undefined) return NOTHING;
  const list = (name: string, texts: readonly TextNode[]) =>
    elements.has(name)
      ? { [name]: isFilledIn(elements.get(name)?.value) ? ['*'] : texts.map(({ value }) => value) }
      : {};
  const resources = isTrust ? {} : { ...list('Resource', view.resources), ...list('NotResource', view.notResources) };
  return {
    Effect: effect,
    ...(elements.has('Principal') ? { Principal: principalOf(view) } : {}),
    ...(elements.has('NotPrincipal') ? { NotPrincipal: notPrincipalOf(elements.get('NotPrincipal')?.value) } : {}),
    ...list('Action', view.actions),
    ...list('NotAction', view.notActions),
    ...resources,
    ...(view.conditions.length === 0 ? {} : { Condition: conditionOf(view.conditions) }),
  };
}

/** Whether a template puts the value in: CloudFormation's functions are objects. */
function isFilledIn(node: Node | undefined): boolean {
  return (
    node?.type === 'object' || (node?.type === 'array' && (node.children ?? []).some(each => each.type === 'object'))
  );
}

function principalOf({ principals }: StatementView): PolicyPrincipal {
  if (principals.some(({ kind }) => kind === '*')) return '*';
  const kinds: Record<string, string[]> = {};
  for (const { kind, value } of principals) {
    kinds[kind] ??= [];
    kinds[kind].push(value);
  }
  return kinds;
}

function notPrincipalOf(node: Node | undefined): PolicyPrincipal {
  if (node?.type === 'string') return '*';
  return Object.fromEntries(
    [...membersOf(node)].map(([kind, { value }]) => {
      const names = value.type === 'array' ? (value.children ?? []) : [value];
      return [kind, names.map(name => String(name.value))];
    }),
  );
}

function conditionOf(conditions: readonly ConditionView[]): PolicyCondition {
  const condition: Record<string, Record<string, OneOrMany<string>>> = {};
  for (const { operator, key, values } of conditions) {
    condition[operator] = { ...condition[operator], [key]: values.map(({ value }) => value) };
  }
  return condition;
}
