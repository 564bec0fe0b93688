import { t } from '@vscode/l10n';
import { applyEdits, modify } from 'jsonc-parser';
import { ExportError } from '../export-error';
import { evaluate } from '../iam/evaluate';
import { parsePolicyText } from '../iam/parse-policy';
import type { PolicyStatement } from '../iam/policy';

/**
 * A policy's text with one statement more at its end, and every other byte as it was.
 * Throws an ExportError `bad-settings` for a text that is no policy.
 */
export function addStatement(text: string, statement: PolicyStatement, isTrust: boolean): string {
  const { document } = parsePolicyText(text, isTrust ? 'trust' : 'identity');
  if (document === undefined) {
    throw new ExportError(
      'bad-settings',
      t('the file is no policy that IAM would take'),
      t('Correct it first: its problems are marked in it.'),
    );
  }
  if (saysAlready(document.Statement, statement)) {
    throw new ExportError(
      'usage',
      t('the file says it already; what is in force in AWS does not'),
      t('Put the policy of the file into IAM again.'),
    );
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /\n(\t| +)"/.exec(text)?.[1] ?? '  ';
  const formattingOptions = { insertSpaces: indent !== '\t', tabSize: indent === '\t' ? 1 : indent.length, eol };
  const isList = Array.isArray((JSON.parse(text) as { Statement: unknown }).Statement);
  const edits = isList
    ? modify(text, ['Statement', -1], statement, { formattingOptions, isArrayInsertion: true })
    : modify(text, ['Statement'], [...document.Statement, statement], { formattingOptions });
  return applyEdits(text, edits);
}

/** Whether the statements allow all that this one would. */
function saysAlready(statements: readonly PolicyStatement[], wanted: PolicyStatement): boolean {
  const listOf = (value: unknown) => (Array.isArray(value) ? value : [value]).filter(one => typeof one === 'string');
  const withoutCaller = statements.map(({ Principal: _, ...rest }) => rest);
  const principals = (all: readonly PolicyStatement[]) => JSON.stringify(all.map(({ Principal }) => Principal ?? null));
  const [principal] = listOf(Object.values(wanted.Principal ?? {})[0]);
  if (principal !== undefined && !principals(statements).includes(JSON.stringify(principal))) return false;
  // A trust policy has no resource: what it says of a principal that it names is for the person to look at.
  if (wanted.Resource === undefined) return false;
  return listOf(wanted.Action).every(action =>
    listOf(wanted.Resource).every(resource => {
      const key = String(Object.values(wanted.Condition?.StringLike ?? {})[0] ?? '').replace(/\*$/, 'dag_id=d');
      const request = { action, resource: resource.replace(/\*$/, 'dag_id=d'), context: { 's3:prefix': key } };
      const caller = { arn: 'arn:aws:iam::111122223333:role/r', account: '111122223333' };
      const identity = [{ Version: '2012-10-17', Statement: withoutCaller }];
      return evaluate({ ...request, principal: caller }, { identity }).decision === 'allowed';
    }),
  );
}
