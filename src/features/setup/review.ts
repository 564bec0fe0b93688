import * as vscode from 'vscode';
import type { Answer, StepPlace, UserInput } from '../ui/user-input';
import type { FileChange } from './files';
import type { Preview } from './preview';

/** Shows what would be written and asks for a yes; with a place it is the last step of a flow, and can go back. */
export async function review(
  ui: UserInput,
  preview: Preview,
  title: string,
  changes: readonly FileChange[],
  place?: StepPlace,
): Promise<Answer<'write'>> {
  const close = await preview.show(vscode.l10n.t('{0}: Preview', title), changes);
  try {
    const answer = await ui.pick<'write' | 'cancel'>({
      title,
      placeholder: vscode.l10n.t('Nothing is written yet: the editor shows every change'),
      choices: [
        {
          label: `$(check) ${writeLabel(changes.length)}`,
          detail: changes.map(describe).join(' · '),
          value: 'write',
        },
        { label: `$(close) ${vscode.l10n.t('Write Nothing')}`, value: 'cancel' },
      ],
      active: 'write',
      place,
    });
    if (answer.kind !== 'value') return answer;
    return answer.value === 'write' ? { kind: 'value', value: 'write' } : { kind: 'cancel' };
  } finally {
    await close();
  }
}

function writeLabel(count: number): string {
  return count === 1 ? vscode.l10n.t('Write the File') : vscode.l10n.t('Write {0} Files', count);
}

function describe({ uri, before }: FileChange): string {
  const name = uri.path.split('/').at(-1) as string;
  return before === undefined ? vscode.l10n.t('{0} (new)', name) : vscode.l10n.t('{0} (changed)', name);
}
