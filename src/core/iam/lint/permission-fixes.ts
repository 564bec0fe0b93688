import { t } from '@vscode/l10n';
import type { Fix } from '../../finding';
import { showValue } from '../../text/show-value';
import type { PolicyStatement } from '../policy';
import { type JudgedPolicy, judge, withStatements } from './judged-policy';
import { addItems, addStrings, printAs, replacement } from './json-edits';
import { isBucketAction, NEEDED_ACTIONS } from './needed-requests';
import { membersOf, partOf, rangeOf, type StatementView, type TextNode } from './policy-view';

/** Adds an action to the statement that then allows it, or else a statement of its own. Undefined where that won't do. */
export function addAction(policy: JudgedPolicy, action: string): Fix | undefined {
  const statements = statementsOf(policy);
  const { repaired } = policy.reading.source;
  const candidates = policy.reading.statements.filter((view, i) => {
    const statement = statements[i];
    if (view.effect !== 'Allow' || statement?.Action === undefined || view.actions.length === 0) return false;
    const changed = { ...statement, Action: [...listOf(statement.Action), action] };
    return allowsWith(policy, action, statements.with(i, changed));
  });
  const best = candidates.find(({ actions }) => actions.some(({ value }) => isNeeded(value))) ?? candidates[0];
  const node = best?.elements.get('Action')?.value;
  if (node) return { title: t('Add {0}', action), edits: addStrings(repaired, node, [action]) };
  return addStatement(policy, action);
}

function isNeeded(action: string): boolean {
  return NEEDED_ACTIONS.some(each => each.toLowerCase() === action.toLowerCase());
}

function addStatement(policy: JudgedPolicy, action: string): Fix | undefined {
  const { source, statements: views, kind } = policy.reading;
  const list = source.root && membersOf(source.root).get('Statement')?.value;
  const first = views.find(({ effect }) => effect === 'Allow');
  const principal = first?.elements.get('Principal')?.value;
  if (!list || (kind === 'bucket' && !principal)) return undefined;
  const statement: PolicyStatement = {
    Effect: 'Allow',
    ...(kind === 'bucket' && principal
      ? { Principal: JSON.parse(source.repaired.slice(principal.offset, principal.offset + principal.length)) }
      : {}),
    Action: action,
    Resource: resourceFor(policy, action),
  };
  if (!allowsWith(policy, action, [...statementsOf(policy), statement])) return undefined;
  const title = t('Add a statement that allows {0}', action);
  if (list.type === 'array') {
    const at = list.children?.at(-1) ?? list;
    return { title, edits: addItems(source.repaired, list, [printAs(source.repaired, statement, at)]) };
  }
  const end = list.offset + list.length;
  return {
    title,
    edits: [
      replacement({ start: list.offset, end: list.offset }, '['),
      replacement({ start: end, end }, `, ${printAs(source.repaired, statement, list)}]`),
    ],
  };
}

/** Adds to a statement's resources the bucket for a bucket action, or its objects for an object action. */
export function addResource(policy: JudgedPolicy, action: string, view: StatementView): Fix | undefined {
  const node = view.elements.get('Resource')?.value;
  const i = policy.reading.statements.indexOf(view);
  const statement = statementsOf(policy)[i];
  const resource = resourceFor(policy, action);
  if (!node || statement?.Resource === undefined || view.resources.length === 0) return addStatement(policy, action);
  const changed = { ...statement, Resource: [...listOf(statement.Resource), resource] };
  if (!allowsWith(policy, action, statementsOf(policy).with(i, changed))) return addStatement(policy, action);
  return {
    title: t('Add the resource {0}', showValue(resource)),
    edits: addStrings(policy.reading.source.repaired, node, [resource]),
  };
}

/** Writes the Resource element that a statement lacks, as the vendor's page has it. */
export function writeResource(policy: JudgedPolicy, view: StatementView): Fix | undefined {
  const { source, kind } = policy.reading;
  const last = view.node.children?.at(-1);
  if (!last || kind === 'trust') return undefined;
  const { bucket, partition } = policy.target;
  const arn = `arn:${partition}:s3:::${bucket}`;
  const printed = `"Resource": ${printAs(source.repaired, [arn, `${arn}/*`], last)}`;
  return { title: t('Add the resource {0}', showValue(arn)), edits: addItems(source.repaired, view.node, [printed]) };
}

/** The objects of the export's folder alone where the policy is written for the folder elsewhere too; else of the bucket. */
function resourceFor({ target, reading }: JudgedPolicy, action: string): string {
  const arn = `arn:${target.partition}:s3:::${target.bucket}`;
  if (isBucketAction(action)) return arn;
  const isScoped = reading.statements.some(
    ({ effect, conditions, resources }) =>
      effect === 'Allow' &&
      (conditions.some(({ key }) => key.toLowerCase() === 's3:prefix') ||
        resources.some(({ value }) => target.prefix !== '' && value.startsWith(`${arn}/${target.prefix}`))),
  );
  return isScoped ? `${arn}/${target.prefix}*` : `${arn}/*`;
}

/** Replaces a part of a string, or the whole of it where the part can't be told in the file. */
export function replacePart(policy: JudgedPolicy, text: TextNode, start: number, end: number, newText: string): Fix {
  const { repaired } = policy.reading.source;
  const whole = rangeOf(text.node);
  const part = partOf(text, { start, end }, repaired);
  const corrected = text.value.slice(0, start) + newText + text.value.slice(end);
  const isWhole = part.start === whole.start && part.end === whole.end;
  const edit = isWhole ? replacement(whole, JSON.stringify(corrected)) : replacement(part, newText);
  return { title: t('Write {0}', showValue(corrected)), edits: [edit] };
}

function allowsWith(policy: JudgedPolicy, action: string, statements: readonly PolicyStatement[]): boolean {
  const withoutDenials = statements.filter(({ Effect }) => Effect === 'Allow');
  return judge(policy, action, withStatements(policy.document, withoutDenials)).decision === 'allowed';
}

function statementsOf({ document }: JudgedPolicy): readonly PolicyStatement[] {
  return document.Statement as readonly PolicyStatement[];
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return (Array.isArray(value) ? value : [value]) as readonly T[];
}
