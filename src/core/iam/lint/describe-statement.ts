import { t } from '@vscode/l10n';
import type { PolicyStatement } from '../policy';
import { judge, judgedPolicy, withStatements } from './judged-policy';
import { type JudgedTarget, judgeTrust, NEEDED_ACTIONS, type NeededAction } from './needed-requests';
import { documentOf } from './policy-document';
import { type PolicyReading, readPolicy } from './policy-reading';
import { rangeOf, type StatementView } from './policy-view';
import { targetOfPolicy } from './relevance';

/** What one statement says of the export, in words. */
export interface StatementDescription {
  readonly markdown: string;
  /** The statement, in the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Says in one sentence of Markdown what the statement at an offset does for the export, as the evaluator decides it.
 * `target`: the export that the policy belongs to; without it, the bucket and folder that the policy names itself.
 * Undefined outside statements, and in a text that is no policy or can't be read.
 */
export function describeStatement(
  file: { readonly path: string; readonly text: string },
  offset: number,
  target?: Pick<JudgedTarget, 'bucket' | 'prefix'> & Partial<JudgedTarget>,
): StatementDescription | undefined {
  const reading = readPolicy(file);
  const index = reading?.statements.findIndex(({ node }) => {
    const { start, end } = reading.source.place(rangeOf(node));
    return start <= offset && offset < end;
  });
  const view = index === undefined ? undefined : reading?.statements[index];
  if (!reading || !view || index === undefined) return undefined;
  const document = documentOf(reading);
  const statement = (document.Statement as readonly PolicyStatement[])[index];
  if (!statement || view.effect === undefined) return undefined;
  const own = targetOfPolicy(reading);
  const judged = target ? { partition: own?.partition ?? 'aws', ...target } : own;
  const markdown =
    reading.kind === 'trust'
      ? describeTrust(view, statement)
      : describePermission(reading, view, statement, judged ?? NO_BUCKET);
  return { markdown: markdown + describeConditions(view), ...reading.source.place(rangeOf(view.node)) };
}

/** For a policy that covers every bucket and names none. */
const NO_BUCKET: JudgedTarget = { bucket: 'any-bucket', prefix: '', partition: 'aws' };

function describePermission(
  reading: PolicyReading,
  view: StatementView,
  statement: PolicyStatement,
  target: JudgedTarget,
): string {
  const policy = judgedPolicy(reading, target, undefined, false);
  // A Deny is asked as an Allow of the same: whatever that allows, it denies. Its conditions are told, not judged.
  const asked: PolicyStatement = { ...statement, Effect: 'Allow', Condition: undefined };
  const covered = NEEDED_ACTIONS.filter(
    action => judge(policy, action, withStatements(policy.document, [asked])).decision === 'allowed',
  );
  const place = target === NO_BUCKET ? t('any bucket') : `\`${target.bucket}/${target.prefix}\``;
  if (covered.length === 0) {
    return view.effect === 'Allow'
      ? t('**Allows** nothing that the export needs for {0}.', place)
      : t('**Denies** nothing that the export does in {0}.', place);
  }
  const doing = covered.map(wordFor).join(', ');
  return view.effect === 'Allow'
    ? t('**Allows** the export to {0} under {1}.', doing, place)
    : t('**Denies** the export to {0} under {1}.', doing, place);
}

function wordFor(action: NeededAction): string {
  switch (action) {
    case 's3:PutObject':
      return t('write logs');
    case 's3:GetObject':
      return t('read logs before adding to them');
    case 's3:ListBucket':
      return t('see whether a log is there');
    case 's3:DeleteObject':
      return t('delete logs');
  }
}

function describeTrust(view: StatementView, statement: PolicyStatement): string {
  const names = view.principals.map(nameOf);
  const who = names.length > 0 ? names.join(', ') : t('nobody');
  const asked = { Statement: [{ ...statement, Effect: 'Allow' as const, Condition: undefined }] };
  const mayEnter = view.principals.some(({ value, kind }) => {
    const isWeb = kind === 'Federated';
    const principal = {
      arn: isWeb ? '' : value,
      account: value.split(':')[4] ?? '',
      ...(isWeb ? { federated: value } : {}),
    };
    const action = isWeb ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole';
    return kind === 'Service' || judgeTrust(asked, { action, resource: '*', principal }).decision === 'allowed';
  });
  if (view.effect === 'Deny') return t('**Denies** {0} to become this role.', who);
  return mayEnter
    ? t('**Lets** {0} become this role.', who)
    : t('**Lets** nobody become this role: it names {0}.', who);
}

function nameOf({ value, kind }: StatementView['principals'][number]): string {
  if (value === '*') return t('everybody');
  if (kind === 'Service') return t('the service {0}', `\`${value}\``);
  return kind === 'Federated' ? t('the provider {0}', `\`${value}\``) : `\`${value}\``;
}

function describeConditions({ conditions }: StatementView): string {
  if (conditions.length === 0) return '';
  const tests = conditions.map(({ operator, key, values }) => {
    const wanted = values.map(({ value }) => `\`${value}\``).join(', ');
    return `\`${key}\` ${operator} ${wanted}`;
  });
  return ` ${t('Only where: {0}.', tests.join('; '))}`;
}
