import * as vscode from 'vscode';
import { AstroCli } from '../../astro/astro-cli';
import type { DeploymentFacts } from '../../core/deployment/deployment-facts';
import { ExportError, isExportError } from '../../core/export-error';
import type { Export } from '../exports/export';
import { ContextKey } from '../ui/context-key';
import { requireTrust } from '../ui/trust';
import type { UserInput } from '../ui/user-input';

/** A Deployment as it is remembered for an export. */
export interface ChosenDeployment {
  readonly id: string;
  readonly name: string;
}

const CHOSEN = 'deployments';

/** The Astro CLI on behalf of the person: which Deployment an export belongs to, and whether there is a CLI to ask. */
export class CliAccess {
  /** `missing` and `loggedOut` are shown as entries of the Health view, not as errors. */
  private readonly state = new ContextKey<'missing' | 'loggedOut' | 'ready'>('astroLogExport.astroCli');

  constructor(
    private readonly memento: vscode.Memento,
    private readonly ui: UserInput,
  ) {}

  /**
   * Runs work with the CLI; undefined where there is none or nobody is logged in, which the person is told without alarm.
   */
  async use<T>(item: Export, work: (cli: AstroCli) => Promise<T>): Promise<T | undefined> {
    requireTrust();
    const cli = new AstroCli({ cwd: vscode.Uri.joinPath(item.uri, '..').fsPath });
    try {
      const result = await work(cli);
      this.state.set('ready');
      return result;
    } catch (error) {
      if (!isExportError(error) || (error.code !== 'cli-missing' && error.code !== 'cli-logged-out')) throw error;
      this.state.set(error.code === 'cli-missing' ? 'missing' : 'loggedOut');
      void vscode.window.showInformationMessage(`${error.message} ${error.nextStep}`);
      return undefined;
    }
  }

  /** The Deployment that an export was last compared with or pushed to. */
  chosen(item: Export): ChosenDeployment | undefined {
    return this.memento.get<Record<string, ChosenDeployment>>(CHOSEN, {})[item.id];
  }

  /** Asks which Deployment an export belongs to, and remembers it. */
  async choose(item: Export, cli: AstroCli): Promise<ChosenDeployment> {
    const last = this.chosen(item);
    const all = await cli.deployments();
    const answer = await this.ui.pick({
      title: vscode.l10n.t('Deployment of {0}', item.id),
      placeholder: vscode.l10n.t('Which Deployment? Choose one of the Workspace, or type its id'),
      choices: all.map(({ id, name }) => ({ label: name, description: id, value: id })),
      active: last?.id,
      typed: text => (/^[\w-]{8,64}$/.test(text) ? { label: text, value: text } : undefined),
    });
    if (answer.kind !== 'value') throw cancelled();
    const chosen = { id: answer.value, name: all.find(({ id }) => id === answer.value)?.name ?? answer.value };
    await this.remember(item, chosen);
    return chosen;
  }

  /** Keeps a Deployment's own name, which an id that was typed doesn't tell. */
  async remember(item: Export, { id, name }: Pick<DeploymentFacts, 'id' | 'name'>): Promise<void> {
    const others = this.memento.get<Record<string, ChosenDeployment>>(CHOSEN, {});
    await this.memento.update(CHOSEN, { ...others, [item.id]: { id, name } });
  }
}

export function cancelled(): ExportError {
  return new ExportError('cancelled', vscode.l10n.t('Stopped.'), vscode.l10n.t('Run it again when you are ready.'));
}
