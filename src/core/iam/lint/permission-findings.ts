import { t } from '@vscode/l10n';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding, Fix, RelatedPlace } from '../../finding';
import { showValue } from '../../text/show-value';
import type { TextRange } from '../../text/text-range';
import { type JudgedPolicy, judge, nodeOf, policyFinding, withStatements } from './judged-policy';
import { isBucketAction, NEEDED_ACTIONS, type NeededAction } from './needed-requests';
import { type Cause, findCause } from './permission-causes';
import { addAction, addResource, replacePart, writeResource } from './permission-fixes';
import { bucketOf } from './policy-reading';
import { partOf, type StatementView, type TextNode } from './policy-view';

/**
 * What keeps the export from one of the actions that it needs, each mistake once: an action that nothing allows, one that
 * is allowed on something else, and statements that deny it.
 */
export function findPermissionFaults(policy: JudgedPolicy): Finding[] {
  const { statements } = policy.reading;
  const denied = new Map<StatementView, NeededAction[]>();
  const missing: NeededAction[] = [];
  const allows = statements.map((_, i) => i).filter(i => statements[i]?.effect === 'Allow');
  const document = policy.document.Statement as readonly unknown[];
  const allowsAlone = withStatements(policy.document, allows.map(i => document[i]) as never);
  for (const action of NEEDED_ACTIONS) {
    const { denials } = judge(policy, action);
    for (const index of denials) {
      const view = statements[index];
      if (view) denied.set(view, [...(denied.get(view) ?? []), action]);
    }
    if (judge(policy, action, allowsAlone).decision !== 'allowed') missing.push(action);
  }
  return [...findMissing(policy, missing), ...findDenials(policy, denied)];
}

/** The denials alone, for a policy that need not allow anything itself. */
export function findDenialFaults(policy: JudgedPolicy): Finding[] {
  const denied = new Map<StatementView, NeededAction[]>();
  for (const action of NEEDED_ACTIONS) {
    for (const index of judge(policy, action).denials) {
      const view = policy.reading.statements[index];
      if (view) denied.set(view, [...(denied.get(view) ?? []), action]);
    }
  }
  return findDenials(policy, denied);
}

/** One finding for each place: what several actions lack there is one mistake. */
interface Fault {
  readonly cause: Cause;
  readonly actions: NeededAction[];
}

function findMissing(policy: JudgedPolicy, missing: readonly NeededAction[]): Finding[] {
  const faults = new Map<string, Fault>();
  for (const action of missing) {
    const cause = findCause(policy, action);
    const isEach = ['nowhere', 'misspelt', 'level'].includes(cause.kind);
    const place = 'statement' in cause ? cause.statement.index : -1;
    const key = `${cause.kind} ${place} ${isEach ? action : ''}`;
    const known = faults.get(key);
    if (known) known.actions.push(action);
    else faults.set(key, { cause, actions: [action] });
  }
  return [...faults.values()].flatMap(fault => report(policy, fault));
}

function report(policy: JudgedPolicy, { cause, actions }: Fault): Finding[] {
  const { reading } = policy;
  const [action] = actions as [NeededAction];
  switch (cause.kind) {
    case 'nowhere':
      return [reportNowhere(policy, action)];
    case 'misspelt': {
      const fix = replacePart(policy, cause.text, 0, cause.text.value.length, action);
      return [policyFinding(reading, 'missing-action', cause.text.node, consequenceOf(action), { fix })];
    }
    case 'condition': {
      const message = t(
        'The export’s requests do not meet this condition on {0}, so nothing allows them: {1}',
        cause.key,
        actions.join(', '),
      );
      const at = cause.texts[0]?.node ?? nodeOf(cause.statement, 'Condition');
      return [policyFinding(reading, 'missing-action', at, message)];
    }
    case 'excepted':
      return actions.map(each =>
        policyFinding(
          reading,
          'missing-action',
          nodeOf(cause.statement, 'NotResource', 'NotAction'),
          consequenceOf(each),
          {
            fix: addAction(policy, each),
          },
        ),
      );
    case 'principal':
      return reportPrincipals(policy, cause.statement);
    case 'no-resource': {
      const message = t('The statement names no Resource, so it allows nothing: {0}', actions.join(', '));
      const fix = writeResource(policy, cause.statement);
      return [policyFinding(reading, 'resource-mismatch', nodeOf(cause.statement, 'Action'), message, { fix })];
    }
    case 'level':
      return [reportLevel(policy, action, cause.statement)];
    default:
      return reportResources(policy, cause);
  }
}

function reportNowhere(policy: JudgedPolicy, action: NeededAction): Finding {
  const { reading } = policy;
  const view =
    reading.statements.find(
      ({ effect, actions }) => effect === 'Allow' && actions.some(({ value }) => /^s3:/i.test(value)),
    ) ?? reading.statements.find(({ effect }) => effect === 'Allow');
  const at = view
    ? nodeOf(view, 'Action', 'NotAction')
    : (reading.source.root?.children?.at(-1)?.children?.[0] ?? WHOLE);
  return policyFinding(reading, 'missing-action', at, consequenceOf(action), { fix: addAction(policy, action) });
}

const WHOLE: TextRange = { start: 0, end: 1 };

/** What happens where an action isn't allowed. */
function consequenceOf(action: NeededAction): string {
  switch (action) {
    case 's3:PutObject':
      return t('Nothing allows s3:PutObject, so no log can be written.');
    case 's3:GetObject':
      return t('Nothing allows s3:GetObject: a log is read before it is added to, so logs get lost.');
    case 's3:ListBucket':
      return t(
        'Nothing allows s3:ListBucket: S3 then answers 403 instead of 404 for a log that is not there yet, and Airflow writes none.',
      );
    case 's3:DeleteObject':
      return t(
        'Nothing allows s3:DeleteObject, which the documented policy has: what is written can’t be removed again.',
      );
  }
}

/** A bucket policy that lets in somebody else than the export's role. */
function reportPrincipals(policy: JudgedPolicy, view: StatementView): Finding[] {
  const { reading, target, export: facts } = policy;
  const message = t(
    'This lets in another role than the export’s, {0}, so the bucket refuses the logs.',
    target.roleArn ?? '',
  );
  const range = facts?.places.roleArn;
  const related =
    facts && range ? [{ file: facts.file, range, message: t('{0} names the role here.', EXPORT_KEYS.roleArn) }] : [];
  if (view.principals.length === 0) {
    return [policyFinding(reading, 'role-mismatch', nodeOf(view, 'Principal', 'NotPrincipal'), message, { related })];
  }
  return view.principals.map(text => {
    const write =
      target.roleArn && text.kind === 'AWS' ? [replacePart(policy, text, 0, text.value.length, target.roleArn)] : [];
    return policyFinding(reading, 'role-mismatch', text.node, message, { related, alternatives: write });
  });
}

/** A bucket action on objects, or an object action on the bucket: at the action, which has no effect there. */
function reportLevel(policy: JudgedPolicy, action: NeededAction, view: StatementView): Finding {
  const { reading } = policy;
  const message = isBucketAction(action)
    ? t(
        '{0} is asked of the bucket itself, and this statement names only objects in it: S3 answers 403, and no log is written.',
        action,
      )
    : t('{0} is asked of objects, and this statement names only the bucket itself: the export can’t do it.', action);
  const text = view.actions.find(({ value }) => value.toLowerCase() === action.toLowerCase());
  const at = text?.node ?? nodeOf(view, 'Resource');
  return policyFinding(reading, 'resource-mismatch', at, message, { fix: addResource(policy, action, view) });
}

/** Mistakes in the resources or in the condition on `s3:prefix`: at the part of each that is wrong. */
function reportResources(policy: JudgedPolicy, cause: Cause): Finding[] {
  if (!('texts' in cause)) return [];
  const { reading, target } = policy;
  const related = relatedExport(policy);
  return cause.texts.flatMap((text): Finding => {
    switch (cause.kind) {
      case 'prefix':
        return reportPrefix(policy, text, related);
      case 'prefix-condition': {
        const wanted = `${target.prefix}*`;
        const message = t(
          'This lets the export list only {0}, and its logs lie under {1}.',
          text.value === '' ? '""' : showValue(text.value),
          wanted,
        );
        const fix = cause.texts.length === 1 ? replacePart(policy, text, 0, text.value.length, wanted) : undefined;
        const isLike = cause.statement.conditions.some(
          ({ operator, values }) => values.includes(text) && /like/i.test(operator),
        );
        const isSafe = fix && isLike && namesFolder(policy, text);
        return policyFinding(reading, 'wrong-prefix', text.node, message, {
          related,
          ...(isSafe ? { fix } : {}),
          alternatives: fix && isLike && !isSafe ? [fix] : [],
        });
      }
      case 'partition': {
        const end = text.value.indexOf(':', 4);
        const fix = replacePart(policy, text, 4, end, target.partition);
        const message = t(
          'The export lies in the partition {0} of AWS, where no bucket has this ARN.',
          target.partition,
        );
        const at = partOf(text, { start: 4, end }, reading.source.repaired);
        return policyFinding(reading, 'partition-mismatch', at, message, { related, fix });
      }
      case 'bucket':
        return reportBucket(policy, text, related);
      default:
        return reportNoArn(policy, text);
    }
  });
}

function reportPrefix(policy: JudgedPolicy, text: TextNode, related: readonly RelatedPlace[]): Finding {
  const { reading, target } = policy;
  const start = text.value.indexOf('/') + 1;
  const message = t(
    'These objects are not the export’s, whose logs lie under {0} in the bucket.',
    target.prefix === '' ? t('any folder') : target.prefix,
  );
  const at = partOf(text, { start, end: text.value.length }, reading.source.repaired);
  const fix = replacePart(policy, text, start, text.value.length, `${target.prefix}*`);
  const isSameFolder = text.value.slice(start).replace(/[/*]*$/, '') === target.prefix.replace(/\/$/, '');
  const isSafe = isSameFolder || namesFolder(policy, text);
  return policyFinding(reading, 'wrong-prefix', at, message, {
    related,
    ...(isSafe ? { fix } : { alternatives: [fix] }),
  });
}

/** Whether the policy names the export's folder elsewhere, so that the other folder in it is the mistake. */
function namesFolder({ reading, target }: JudgedPolicy, mistake: TextNode): boolean {
  const { prefix } = target;
  const texts = reading.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ resources, conditions }) => [
      ...resources.map(text => ({ text, folder: text.value.slice(text.value.indexOf('/') + 1) })),
      ...conditions.flatMap(({ values }) => values.map(text => ({ text, folder: text.value }))),
    ]);
  return prefix !== '' && texts.some(({ text, folder }) => text !== mistake && folder.startsWith(prefix));
}

function reportBucket(policy: JudgedPolicy, text: TextNode, related: readonly RelatedPlace[]): Finding {
  const { reading, target } = policy;
  const { bucket = '' } = bucketOf(text.value) ?? {};
  const start = splitAt(text.value);
  const end = start + bucket.length;
  const at = partOf(text, { start, end }, reading.source.repaired);
  const fix = replacePart(policy, text, start, end, target.bucket);
  const message = policy.export
    ? t('The export writes to the bucket {0}, and this is another one: no log arrives.', target.bucket)
    : t('The rest of the policy is about the bucket {0}, and this is another one.', target.bucket);
  return policyFinding(reading, 'wrong-bucket', at, message, {
    related,
    ...(policy.isCertain ? { fix } : { alternatives: [fix] }),
  });
}

/** The offset of an ARN's sixth part. */
function splitAt(arn: string): number {
  let at = -1;
  for (let i = 0; i < 5; i++) at = arn.indexOf(':', at + 1);
  return at + 1;
}

/** A bucket or its objects in another notation: `my-bucket/*`, `s3://my-bucket`, an ARN with a colon too few. */
function reportNoArn(policy: JudgedPolicy, text: TextNode): Finding {
  const { reading, target } = policy;
  const message = t('This is not the ARN of a bucket or of objects in one, so the statement allows nothing there.');
  const [, bucket, key] = /^(?:s3:\/\/|arn:[a-z-]*:?s3:*)?([a-z0-9.-]+)(\/.*)?$/.exec(text.value) ?? [];
  const written = `arn:${target.partition}:s3:::${bucket}${key === '/' ? '/*' : (key ?? '')}`;
  const fix: Fix | undefined =
    bucket === target.bucket ? replacePart(policy, text, 0, text.value.length, written) : undefined;
  return policyFinding(reading, 'resource-mismatch', text.node, message, { ...(fix ? { fix } : {}) });
}

/** The value in the env file or deployment file that names the bucket. */
function relatedExport({ export: facts }: JudgedPolicy): RelatedPlace[] {
  const range = facts?.places.baseLogFolder;
  return facts && range
    ? [{ file: facts.file, range, message: t('{0} names the bucket and folder here.', EXPORT_KEYS.baseLogFolder) }]
    : [];
}

function findDenials(policy: JudgedPolicy, denied: ReadonlyMap<StatementView, readonly NeededAction[]>): Finding[] {
  const findings = [...denied].map(([view, actions]) => {
    const keys = view.conditions.map(({ key }) => key);
    const message =
      keys.length === 0
        ? t('This Deny beats every Allow, so the export is refused {0}.', actions.join(', '))
        : t(
            'This Deny hits the export, whose requests do not meet the condition on {0}: it is refused {1}.',
            keys.join(', '),
            actions.join(', '),
          );
    return policyFinding(policy.reading, 'deny-overrides', effectOf(view), message);
  });
  return [...findings, ...findAddressDenials(policy, new Set(denied.keys()))];
}

/** A Deny by address may or may not let the Deployment through: its addresses stand in no file. */
function findAddressDenials(policy: JudgedPolicy, denied: ReadonlySet<StatementView>): Finding[] {
  const { statements } = policy.reading;
  if (!statements.some(view => view.conditions.some(({ key }) => key.toLowerCase() === 'aws:sourceip'))) return [];
  const hit = new Set(NEEDED_ACTIONS.flatMap(action => judge(policy, action, policy.document, 'hits').denials));
  return [...hit].flatMap(index => {
    const view = statements[index];
    if (!view || denied.has(view)) return [];
    const message = t(
      'This Deny refuses the export’s logs, unless the addresses that your Deployment’s requests come from are excepted in it.',
    );
    const severity = view.conditions.some(hasPublicAddress) ? ('warning' as const) : ('error' as const);
    return policyFinding(policy.reading, 'deny-overrides', effectOf(view), message, { severity });
  });
}

/** S3 sees a Deployment's public address, never one of a private network. */
function hasPublicAddress({ key, values }: StatementView['conditions'][number]): boolean {
  const isPrivate = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.|fd|fc)/i;
  return key.toLowerCase() === 'aws:sourceip' && values.some(({ value }) => !isPrivate.test(value));
}

function effectOf(view: StatementView) {
  return view.elements.get('Effect')?.value ?? view.node;
}
