import { l10n } from 'vscode';
import type { PreparedPlan } from '../../jobs/provision/provision';
import type { ProvisionStep } from '../../jobs/provision/provision-plan';

/** The plan as a text: what is created, changed and left, what is left out, and what the person needs. */
export function printPlan({ plan, needed }: PreparedPlan): string {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [heading, ...lines.map(line => `- ${line}`), ''];
  const of = (effect: ProvisionStep['effect']) =>
    plan.steps.filter(step => step.effect === effect).map(step => step.title + printDrift(step));
  return [
    ...section(l10n.t('Create'), of('create')),
    ...section(l10n.t('Change'), of('change')),
    ...section(l10n.t('Leave as it is'), of('leave')),
    ...section(l10n.t('Left out'), plan.notes),
    ...section(l10n.t('IAM actions that you need'), needed.all),
    ...section(l10n.t('Of these you are denied'), needed.denied),
    ...(needed.isKnown ? [] : [l10n.t('IAM does not tell which of these you may: only trying does.'), '']),
  ].join('\n');
}

/** How the role in AWS differs from the file, in words. */
export function printDrift({ drift }: ProvisionStep): string {
  const parts = [
    ...(drift && drift.missing.length > 0
      ? [l10n.t('the role in AWS allows less than the file: {0}', drift.missing.join(', '))]
      : []),
    ...(drift && drift.extra.length > 0
      ? [l10n.t('the role in AWS allows more than the file: {0}', drift.extra.join(', '))]
      : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}
