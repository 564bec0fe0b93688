import { t } from '@vscode/l10n';
import { AWS_REGIONS } from '../aws-names';
import { KEY_FACTS } from '../env/keys';
import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import type { CompletionProposal, KnownValues, NamedValue } from './completion';
import { describeKey } from './describe-key';

/** The export's variables that a file lacks. */
export function keyProposals(setKeys: ReadonlySet<string>, newText: (key: ExportKey) => string): CompletionProposal[] {
  return Object.values(EXPORT_KEYS)
    .filter(key => !setKeys.has(key))
    .map(key => ({
      kind: 'key',
      label: key,
      detail: KEY_FACTS[key].purpose(),
      documentation: describeKey(key),
      newText: newText(key),
    }));
}

/** What a variable may be set to, as far as that can be known. */
export function valueProposals(key: ExportKey, known: KnownValues): CompletionProposal[] {
  switch (key) {
    case EXPORT_KEYS.enabled:
      return [
        proposal({ value: 'true', detail: t('the export is on') }),
        proposal({ value: 'false', detail: t('the export is off') }),
      ];
    case EXPORT_KEYS.region:
      return AWS_REGIONS.map(({ id, name }) => ({
        ...proposal({ value: id, detail: name }),
        filter: `${id} ${name}`,
      }));
    case EXPORT_KEYS.baseLogFolder:
      return known.folders.map(proposal);
    case EXPORT_KEYS.roleArn:
      return known.roles.map(proposal);
    default:
      return key satisfies never;
  }
}

function proposal({ value, detail }: NamedValue): CompletionProposal {
  return { kind: 'value', label: value, detail, newText: value };
}
