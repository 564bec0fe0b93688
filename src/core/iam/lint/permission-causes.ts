import type { PolicyStatement } from '../policy';
import { findUnknownAction } from './action-names';
import { type JudgedPolicy, judge, withStatements } from './judged-policy';
import { isBucketAction, isOpen, type NeededAction } from './needed-requests';
import { bucketOf, namesBucket } from './policy-reading';
import type { StatementView, TextNode } from './policy-view';

/** Why no statement allows an action: in order, the nearer to allowing it the lower. */
export type Cause =
  | {
      readonly kind: 'condition';
      readonly statement: StatementView;
      readonly key: string;
      readonly texts: readonly TextNode[];
    }
  | { readonly kind: 'prefix-condition'; readonly statement: StatementView; readonly texts: readonly TextNode[] }
  | { readonly kind: 'prefix'; readonly statement: StatementView; readonly texts: readonly TextNode[] }
  | { readonly kind: 'level'; readonly statement: StatementView; readonly texts: readonly TextNode[] }
  | { readonly kind: 'partition'; readonly statement: StatementView; readonly texts: readonly TextNode[] }
  | { readonly kind: 'bucket'; readonly statement: StatementView; readonly texts: readonly TextNode[] }
  | { readonly kind: 'no-arn'; readonly statement: StatementView; readonly texts: readonly TextNode[] }
  | { readonly kind: 'no-resource'; readonly statement: StatementView }
  | { readonly kind: 'excepted'; readonly statement: StatementView }
  | { readonly kind: 'principal'; readonly statement: StatementView }
  | { readonly kind: 'misspelt'; readonly statement: StatementView; readonly text: TextNode }
  | { readonly kind: 'nowhere' };

const ORDER: readonly Cause['kind'][] = [
  'condition',
  'prefix-condition',
  'prefix',
  'level',
  'partition',
  'bucket',
  'no-arn',
  'no-resource',
  'excepted',
  'principal',
  'misspelt',
  'nowhere',
];

/** The nearest cause why the policy doesn't allow an action that the export needs. */
export function findCause(policy: JudgedPolicy, action: NeededAction): Cause {
  const statements = policy.document.Statement as readonly PolicyStatement[];
  const causes = policy.reading.statements.flatMap((view, i): Cause[] => {
    const statement = statements[i];
    if (view.effect !== 'Allow' || !statement) return [];
    if (allows(policy, action, { ...statement, ...ANYWHERE })) return [causeIn(policy, action, view, statement)];
    if (allows(policy, action, { ...statement, ...ANYWHERE, ...ANYBODY }))
      return [{ kind: 'principal', statement: view }];
    const text = view.actions.find(({ value }) => findUnknownAction(value)?.suggestion === action);
    return text ? [{ kind: 'misspelt', statement: view, text }] : [];
  });
  causes.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return causes[0] ?? { kind: 'nowhere' };
}

const ANYWHERE = { Resource: '*', NotResource: undefined, Condition: undefined } as const;
const ANYBODY = { Principal: '*', NotPrincipal: undefined } as const;

function allows(policy: JudgedPolicy, action: string, statement: PolicyStatement): boolean {
  return judge(policy, action, withStatements(policy.document, [statement])).decision === 'allowed';
}

function causeIn(policy: JudgedPolicy, action: NeededAction, view: StatementView, statement: PolicyStatement): Cause {
  if (allows(policy, action, { ...statement, Condition: undefined }))
    return conditionIn(policy, action, view, statement);
  if (statement.NotResource !== undefined) return { kind: 'excepted', statement: view };
  if (!view.elements.has('Resource')) return { kind: 'no-resource', statement: view };
  const { bucket, partition } = policy.target;
  const found = view.resources.map(text => ({ text, s3: bucketOf(text.value) }));
  const broken = found.filter(
    ({ text, s3 }) => !s3?.bucket && !/^\*?$|^arn:[^:]+:(?!s3:)[a-z0-9-]+:/.test(text.value) && !isOpen(text.value),
  );
  const own = found.filter(({ text }) => namesBucket(text.value, bucket));
  const inPartition = own.filter(({ s3 }) => s3?.partition === partition || /[*?]/.test(s3?.partition ?? ''));
  const textsOf = (of: typeof found) => of.map(({ text }) => text);
  if (inPartition.length > 0) {
    const objects = inPartition.filter(({ s3 }) => s3?.key !== undefined);
    const strays = found.filter(({ text, s3 }) => {
      const isOfLevel = (s3?.key === undefined) === isBucketAction(action);
      const isPaired = found.some(other => other.s3?.bucket === s3?.bucket && other.text !== text);
      return s3 !== undefined && s3.bucket !== '' && isOfLevel && !isPaired && !isOpen(text.value);
    });
    const isOnLevel = isBucketAction(action) ? inPartition.length > objects.length : objects.length > 0;
    if (!isOnLevel && strays.length > 0) return { kind: 'bucket', statement: view, texts: textsOf(strays) };
    if (!isOnLevel && broken.length > 0) return { kind: 'no-arn', statement: view, texts: textsOf(broken) };
    if (isBucketAction(action) || objects.length === 0) {
      return { kind: 'level', statement: view, texts: textsOf(inPartition) };
    }
    return { kind: 'prefix', statement: view, texts: textsOf(objects) };
  }
  if (own.length > 0) return { kind: 'partition', statement: view, texts: textsOf(own) };
  const others = found.filter(({ s3, text }) => s3 !== undefined && s3.bucket !== '' && !isOpen(text.value));
  if (others.length > 0) return { kind: 'bucket', statement: view, texts: textsOf(others) };
  if (broken.length > 0) return { kind: 'no-arn', statement: view, texts: textsOf(broken) };
  return { kind: 'nowhere' };
}

/** The first key of the condition without which the statement would allow the action. */
function conditionIn(policy: JudgedPolicy, action: string, view: StatementView, statement: PolicyStatement): Cause {
  for (const { operator, key, values } of view.conditions) {
    const { [key]: _, ...others } = statement.Condition?.[operator] ?? {};
    const Condition = { ...statement.Condition, [operator]: others };
    if (!allows(policy, action, { ...statement, Condition })) continue;
    if (key.toLowerCase() === 's3:prefix' && isBucketAction(action)) {
      return { kind: 'prefix-condition', statement: view, texts: values };
    }
    return { kind: 'condition', statement: view, key, texts: values };
  }
  const [first] = view.conditions;
  return { kind: 'condition', statement: view, key: first?.key ?? '', texts: first?.values ?? [] };
}
