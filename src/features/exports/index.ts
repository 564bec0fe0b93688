import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';
import { type Reporter, registerCommands } from '../ui/commands';
import type { Choice, UserInput } from '../ui/user-input';
import type { Reach } from './confirmed-targets';
import { type Export, printTarget } from './export';
import type { Exports } from './exports';
import { listProfiles } from './profiles';

/** Registers the commands that choose an export, its profile, and that confirm its target. */
export function registerExports(
  context: vscode.ExtensionContext,
  exports: Exports,
  ui: UserInput,
  reporter: Reporter,
): void {
  registerCommands(context, reporter, {
    confirmTarget: async argument => {
      const item = exportOfRow(argument) ?? (await chooseExport(exports, ui));
      await confirmTarget(exports, ui, item);
    },
    selectExport: async () => {
      await exports.pick(await chooseExport(exports, ui, { always: true }));
    },
    selectProfile: async () => {
      const item = await chooseExport(exports, ui);
      await selectProfile(exports, ui, item);
    },
    openEnvFile: async argument => {
      const item = exportOfRow(argument) ?? (await chooseExport(exports, ui));
      await vscode.window.showTextDocument(item.uri);
    },
    showLog: () => reporter.log.show(),
  });
}

/** The export of the row or lens that a command was started from. */
export function exportOfRow(argument: unknown): Export | undefined {
  const row = argument as { readonly item?: Export } | undefined;
  return typeof row === 'object' ? row?.item : undefined;
}

/** The export a command is about: asks only when there are several. Throws where there is none, or none was chosen. */
export async function chooseExport(exports: Exports, ui: UserInput, { always = false } = {}): Promise<Export> {
  const all = await exports.all();
  const active = await exports.active();
  const [only] = all;
  if (!only) {
    throw new ExportError(
      'not-found',
      vscode.l10n.t('No env file of this workspace configures the log export.'),
      vscode.l10n.t('Run "Astro Log Export: Set Up Log Export…" first.'),
    );
  }
  if (all.length === 1 && !always) return only;
  const answer = await ui.pick({
    title: vscode.l10n.t('Export'),
    placeholder: vscode.l10n.t('Which export?'),
    choices: all.map(item => ({
      label: item.id,
      description: item.target ? printTarget(item.target) : item.problem?.message,
      value: item.id,
    })),
    active: active?.id,
  });
  const chosen = answer.kind === 'value' ? all.find(item => item.id === answer.value) : undefined;
  if (!chosen) throw cancelled();
  return chosen;
}

/** Makes sure that requests of this export may be sent, asking for the confirmation where it is missing. */
export async function ensureReady(exports: Exports, ui: UserInput, item: Export): Promise<void> {
  if (exports.readiness(item) === 'unconfirmed' && !(await confirmTarget(exports, ui, item))) throw cancelled();
  // Throws what else is missing; opening sends nothing, but may meet an endpoint that only the profile names.
  try {
    await exports.session(item);
  } catch (error) {
    if (exports.readiness(item) !== 'unconfirmed') throw error;
    if (!(await confirmTarget(exports, ui, item))) throw cancelled();
    await exports.session(item);
  }
}

/** Names bucket, role, endpoint and profile together, and asks once for all four. True where the person agreed. */
async function confirmTarget(exports: Exports, ui: UserInput, item: Export): Promise<boolean> {
  if (!item.target) throw item.problem ?? cancelled();
  for (;;) {
    const reach = exports.reach(item, item.target);
    const answer = await ui.pick({
      title: vscode.l10n.t('Confirm Target: {0}', item.id),
      placeholder: vscode.l10n.t('May requests be sent to this bucket, as this role, there, with this profile?'),
      choices: confirmationChoices(reach, printTarget(item.target)),
      active: 'confirm',
    });
    if (answer.kind !== 'value' || answer.value === 'cancel') return false;
    if (answer.value === 'confirm') {
      await exports.confirm(reach);
      return true;
    }
    if (answer.value === 'profile') {
      if (!(await selectProfile(exports, ui, item))) return false;
      continue;
    }
    await vscode.window.showTextDocument(item.uri);
    return false;
  }
}

type ConfirmationChoice = 'confirm' | 'profile' | 'open' | 'cancel';

function confirmationChoices(reach: Reach, target: string): readonly Choice<ConfirmationChoice>[] {
  const facts = vscode.l10n.t('what will be reached');
  return [
    { label: `$(check) ${vscode.l10n.t('Confirm')}`, value: 'confirm' },
    { label: `$(close) ${vscode.l10n.t('Not Now')}`, value: 'cancel' },
    { group: facts, label: `$(archive) ${vscode.l10n.t('Bucket')}`, description: target, value: 'open' },
    {
      group: facts,
      label: `$(shield) ${vscode.l10n.t('Role')}`,
      description: reach.roleArn ?? vscode.l10n.t('none: as the owner of the credentials'),
      value: 'open',
    },
    {
      group: facts,
      label: `$(globe) ${vscode.l10n.t('Endpoint')}`,
      description: reach.endpoint ?? vscode.l10n.t('AWS'),
      value: 'open',
    },
    {
      group: facts,
      label: `$(account) ${vscode.l10n.t('Profile')}`,
      description: vscode.l10n.t('{0} (select to change)', reach.profile ?? vscode.l10n.t("AWS's own chain")),
      value: 'profile',
    },
  ];
}

async function selectProfile(exports: Exports, ui: UserInput, item: Export): Promise<boolean> {
  const names = await listProfiles(process.env);
  const answer = await ui.pick<string | undefined>({
    title: vscode.l10n.t('AWS Profile: {0}', item.id),
    placeholder: vscode.l10n.t('Which profile of your AWS files speaks for this export?'),
    choices: [
      {
        label: vscode.l10n.t('Default'),
        description: vscode.l10n.t("the setting, or AWS's own chain of credentials"),
        value: undefined,
      },
      ...names.map(name => ({ label: name, value: name })),
    ],
    active: exports.profile(item),
    typed: text =>
      names.includes(text) ? undefined : { label: text, description: vscode.l10n.t('profile'), value: text },
  });
  if (answer.kind !== 'value') return false;
  await exports.setProfile(item, answer.value);
  return true;
}

function cancelled(): ExportError {
  return new ExportError('cancelled', vscode.l10n.t('Stopped.'), vscode.l10n.t('Run it again when you are ready.'));
}
