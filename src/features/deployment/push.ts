import * as vscode from 'vscode';
import type { AstroCli } from '../../astro/astro-cli';
import type { DeploymentVariable } from '../../core/deployment/deployment-facts';
import { type PushPlan, planPush } from '../../core/deployment/push-plan';
import { EXPORT_KEYS, type ExportKey, type ExportSettings } from '../../core/export-settings';
import { applyEdits } from '../../core/text/text-range';
import { type PushPlace, pushVariables, readVariables } from '../../jobs/push-variables';
import type { Export } from '../exports/export';
import { applyChanges, type FileChange } from '../setup/files';
import type { Preview } from '../setup/preview';
import { review } from '../setup/review';
import { runWithProgress } from '../ui/run-job';
import type { Choice, UserInput } from '../ui/user-input';
import { type CliAccess, cancelled } from './cli-access';
import { editManagingFile, findManagingFiles, type ManagingFile, manages } from './managing-files';

type Place = { readonly file: ManagingFile } | { readonly kind: 'deployment' | 'workspace' };

/** What a push did: how many variables it set, and where. Undefined where there was no CLI to ask. */
export interface Pushed {
  readonly set: number;
  readonly where: string;
  /** Astro has them now; false where only a file says so, which has yet to be deployed. */
  readonly isInAstro: boolean;
}

/**
 * Pushes the variables of an export where they live: into the file of the workspace that manages the Deployment, or
 * through the Astro CLI. Shows what would change first, and reads back what was set.
 */
export class Push {
  constructor(
    private readonly access: CliAccess,
    private readonly ui: UserInput,
    private readonly preview: Preview,
  ) {}

  async run(item: Export): Promise<Pushed | undefined> {
    if (!item.target) throw item.problem ?? cancelled();
    if (item.deployment !== undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'The variables live in this file: "astro deployment update --deployment-file" brings them to {0}.',
          item.deployment,
        ),
      );
      return { set: 0, where: item.id, isInAstro: false };
    }
    const files = await findManagingFiles();
    const place = await this.choosePlace(item, files);
    if ('file' in place) return this.pushToFile(item, place.file);
    return this.access.use(item, cli =>
      place.kind === 'deployment' ? this.pushToDeployment(item, cli, files) : this.pushToWorkspace(item, cli),
    );
  }

  private async choosePlace(item: Export, files: readonly ManagingFile[]): Promise<Place> {
    const chosen = this.access.chosen(item);
    const managing =
      files.find(file => chosen && manages(file, chosen.name)) ?? (files.length === 1 ? files[0] : undefined);
    const choices: Choice<Place>[] = files.map(file => ({
      label: `$(file) ${vscode.workspace.asRelativePath(file.uri)}`,
      description:
        file.kind === 'terraform'
          ? vscode.l10n.t('Terraform')
          : vscode.l10n.t('deployment file of {0}', file.deployment ?? ''),
      value: { file },
    }));
    choices.push(
      {
        label: `$(cloud-upload) ${vscode.l10n.t('The Deployment')}`,
        description: chosen?.name ?? vscode.l10n.t('through the Astro CLI'),
        value: { kind: 'deployment' },
      },
      {
        label: `$(organization) ${vscode.l10n.t("The Workspace's environment manager")}`,
        description: vscode.l10n.t('through the Astro CLI'),
        value: { kind: 'workspace' },
      },
    );
    const answer = await this.ui.pick({
      title: vscode.l10n.t('Push Variables of {0}', item.id),
      placeholder: vscode.l10n.t('Where do the variables live?'),
      choices,
      active: choices.find(({ value }) => 'file' in value && value.file === managing)?.value ?? choices[0]?.value,
    });
    if (answer.kind !== 'value') throw cancelled();
    return answer.value;
  }

  private async pushToFile(item: Export, file: ManagingFile): Promise<Pushed> {
    const after = applyEdits(file.text, await editManagingFile(file, variablesOf(item.settings)));
    const where = vscode.workspace.asRelativePath(file.uri);
    if (after === file.text) return nothingToPush(where);
    const changes = [{ uri: file.uri, before: file.text, after }];
    const title = vscode.l10n.t('Push Variables');
    if ((await review(this.ui, this.preview, title, changes)).kind !== 'value') throw cancelled();
    await applyChanges(changes);
    const command = file.kind === 'terraform' ? 'terraform apply' : 'astro deployment update --deployment-file';
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} has the variables. They reach the Deployment with "{1}".', where, command),
    );
    return { set: variablesOf(item.settings).length, where, isInAstro: false };
  }

  private async pushToDeployment(item: Export, cli: AstroCli, files: readonly ManagingFile[]): Promise<Pushed> {
    const chosen = await this.access.choose(item, cli);
    const facts = await runWithProgress(vscode.l10n.t('Asking {0}', chosen.name), signal =>
      cli.inspect(chosen.id, { signal }),
    );
    await this.access.remember(item, facts);
    const managing = files.find(file => manages(file, facts.name));
    if (managing) {
      const where = vscode.workspace.asRelativePath(managing.uri);
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0} is managed by {1}, which is changed instead.', facts.name, where),
      );
      return this.pushToFile(item, managing);
    }
    return this.pushThroughCli(item, cli, { kind: 'deployment', deploymentId: facts.id }, facts.name, facts.variables);
  }

  private async pushToWorkspace(item: Export, cli: AstroCli): Promise<Pushed> {
    const place: PushPlace = { kind: 'workspace' };
    const current = await readVariables(cli, place);
    return this.pushThroughCli(item, cli, place, vscode.l10n.t('Workspace'), current);
  }

  private async pushThroughCli(
    item: Export,
    cli: AstroCli,
    place: PushPlace,
    name: string,
    current: ReadonlyMap<string, DeploymentVariable>,
  ): Promise<Pushed> {
    const plan = planPush(item.settings, current);
    if (plan.set.length === 0) return nothingToPush(name);
    await this.confirm(name, plan, current);
    await runWithProgress(vscode.l10n.t('Pushing to {0}', name), (signal, tell) =>
      pushVariables({ cli, place, plan }, { signal, onProgress: tell }),
    );
    void vscode.window.showInformationMessage(
      place.kind === 'deployment'
        ? vscode.l10n.t('{0} has the variables now, and restarts its components once.', name)
        : vscode.l10n.t(
            'The Workspace has the variables now. Link them to the Deployment where that is not automatic.',
          ),
    );
    return { set: plan.set.length, where: name, isInAstro: true };
  }

  /** Shows the variables before and after, and asks. */
  private async confirm(name: string, plan: PushPlan, current: ReadonlyMap<string, DeploymentVariable>): Promise<void> {
    const change: FileChange = {
      uri: vscode.Uri.from({ scheme: 'astro-log-export-preview', path: `/${name.replaceAll('/', ' ')}.env` }),
      before: printVariables(current, []),
      after: printVariables(current, plan.set),
    };
    const title = vscode.l10n.t('Push Variables');
    const close = await this.preview.show(vscode.l10n.t('{0}: Preview', title), [change]);
    try {
      const answer = await this.ui.pick<'push' | 'cancel'>({
        title,
        placeholder: vscode.l10n.t('Nothing is pushed yet: the editor shows what would change'),
        choices: [
          {
            label: `$(cloud-upload) ${vscode.l10n.t('Push to {0}', name)}`,
            detail: plan.set.map(({ key, after }) => `${key}=${after}`).join(' · '),
            value: 'push',
          },
          { label: `$(close) ${vscode.l10n.t('Push Nothing')}`, value: 'cancel' },
        ],
        active: 'push',
      });
      if (answer.kind !== 'value' || answer.value === 'cancel') throw cancelled();
    } finally {
      await close();
    }
  }
}

/** Ours alone: values of other variables are nobody's business here. */
function printVariables(current: ReadonlyMap<string, DeploymentVariable>, set: PushPlan['set']): string {
  const lines = Object.values(EXPORT_KEYS).flatMap(key => {
    const pushed = set.find(each => each.key === key);
    const had = current.get(key);
    if (!pushed && !had) return [];
    return `${key}=${pushed?.after ?? had?.value ?? '***'}`;
  });
  return lines.map(line => `${line}\n`).join('');
}

function variablesOf(settings: ExportSettings): readonly { readonly key: ExportKey; readonly after: string }[] {
  return planPush(settings, new Map()).set;
}

function nothingToPush(where: string): Pushed {
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} says all of this already.', where));
  return { set: 0, where, isInAstro: false };
}
