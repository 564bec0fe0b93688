import { t } from '@vscode/l10n';
import type { Finding } from '../../finding';
import { compileGlob, compileResourceGlob, matchesGlob } from '../match';
import type { PolicyStatement } from '../policy';
import { fixOf, type JudgedPolicy, judge, nodeOf, policyFinding, withStatements } from './judged-policy';
import { printAs, replacement } from './json-edits';
import { isOpen, NEEDED_ACTIONS } from './needed-requests';
import { rangeOf, type StatementView, type TextNode } from './policy-view';

/** Statements that allow the export what it needs, and far more along with it. */
export function findOverbroad(policy: JudgedPolicy): Finding[] {
  const statements = policy.document.Statement as readonly PolicyStatement[];
  return policy.reading.statements.flatMap((view, i) => {
    const statement = statements[i];
    if (view.effect !== 'Allow' || !statement || !servesExport(policy, statement)) return [];
    return [...findActions(policy, view), ...findResources(policy, view), ...findPrincipals(policy, view)];
  });
}

function servesExport(policy: JudgedPolicy, statement: PolicyStatement): boolean {
  const alone = withStatements(policy.document, [statement]);
  return NEEDED_ACTIONS.some(action => judge(policy, action, alone).decision === 'allowed');
}

/** Two actions that nothing needs which only writes: who may do both may do about everything. */
const FAR_OFF = ['s3:putbucketpolicy', 's3:deletebucket'];

function coversFarOff({ value }: TextNode): boolean {
  const glob = compileGlob([{ text: value.toLowerCase(), wild: true }]);
  return FAR_OFF.every(action => matchesGlob(glob, action));
}

function findActions({ reading }: JudgedPolicy, view: StatementView): Finding[] {
  if (view.elements.has('NotAction')) {
    const message = t(
      'An Allow with NotAction allows every action of AWS but those: list the four that the export needs.',
    );
    return [policyFinding(reading, 'overbroad', nodeOf(view, 'NotAction'), message)];
  }
  const { repaired } = reading.source;
  return view.actions.filter(coversFarOff).map(text => {
    const message = t(
      '{0} lets the role change and delete the bucket too; the export needs {1}.',
      text.value,
      NEEDED_ACTIONS.join(', '),
    );
    const element = view.elements.get('Action')?.value;
    const isAlone = view.actions.length === 1 && element;
    const edits = isAlone ? [replacement(rangeOf(element), printAs(repaired, NEEDED_ACTIONS, element))] : [];
    return policyFinding(reading, 'overbroad', text.node, message, {
      alternatives: isAlone ? [fixOf(t('Allow the four actions of the export only'), edits)] : [],
    });
  });
}

function findResources({ reading, target }: JudgedPolicy, view: StatementView): Finding[] {
  if (view.elements.has('NotResource')) {
    const message = t('An Allow with NotResource covers every bucket but those: name the export’s bucket in Resource.');
    return [policyFinding(reading, 'overbroad', nodeOf(view, 'NotResource'), message)];
  }
  const { repaired } = reading.source;
  const arn = `arn:${target.partition}:s3:::${target.bucket}`;
  // A bucket of another name, and one whose name only begins alike.
  const others = ['q7-other-bucket', `${target.bucket}-other`].map(bucket => `arn:${target.partition}:s3:::${bucket}`);
  const isBroad = ({ value }: TextNode) => {
    const glob = compileResourceGlob([{ text: value, wild: true }]);
    return !isOpen(value) && others.some(other => matchesGlob(glob, other) || matchesGlob(glob, `${other}/x`));
  };
  return view.resources.filter(isBroad).map(text => {
    const message = t('{0} covers other buckets too; the export needs {1} and {1}/*.', text.value, arn);
    const element = view.elements.get('Resource')?.value;
    const isAlone = view.resources.length === 1 && element;
    const edits = isAlone ? [replacement(rangeOf(element), printAs(repaired, [arn, `${arn}/*`], element))] : [];
    return policyFinding(reading, 'overbroad', text.node, message, {
      alternatives: isAlone ? [fixOf(t('Allow the export’s bucket only'), edits)] : [],
    });
  });
}

/** Only in a bucket policy: everybody may do what the export does. */
function findPrincipals({ reading }: JudgedPolicy, view: StatementView): Finding[] {
  if (reading.kind !== 'bucket' || view.conditions.length > 0) return [];
  return view.principals
    .filter(({ value, kind }) => value === '*' && (kind === '*' || kind === 'AWS'))
    .map(({ node }) => {
      const message = t('Everybody on the internet may do this to your logs: name the export’s role instead.');
      return policyFinding(reading, 'overbroad', node, message);
    });
}
