import * as vscode from 'vscode';
import { SCAFFOLD_FILES } from '../../jobs/scaffold';
import { type Export, readExports } from '../exports/export';
import type { Exports } from '../exports/exports';
import { type Reporter, registerCommands } from '../ui/commands';
import { requireTrust } from '../ui/trust';
import type { UserInput } from '../ui/user-input';
import { loadFileTools } from '../workspace/file-tools';
import { pathOf } from '../workspace/lintable';
import type { SetUpAnswers } from './answers';
import { applyChanges, readCurrentText } from './files';
import { type Plan, planPermissionPolicy, planSetUp, planTrustPolicy, planVariables } from './plans';
import type { Preview } from './preview';
import { chooseProjectFolder, type ProjectFolder } from './project-folder';
import { registerProvision } from './provision';
import { Questions, type SetUpStep } from './questions';
import { review } from './review';
import { runWizard } from './wizard';

/** Registers the flow that sets an export up, and a command for each single piece of it. */
export function registerSetup(
  context: vscode.ExtensionContext,
  { exports, preview }: { exports: Exports; preview: Preview },
  ui: UserInput,
  reporter: Reporter,
): void {
  registerProvision(context, { exports, ui, reporter, preview });
  const flow = (title: string, plan: Plan, ask: (questions: Questions) => readonly SetUpStep[]) => async () => {
    requireTrust();
    const folder = await chooseProjectFolder(exports, ui);
    const memory = new RememberedAnswers(context.workspaceState, folder);
    const written = await readProjectExport(folder);
    const steps = ask(new Questions(ui, title, folder.name));
    const writeStep: SetUpStep = {
      ask: async (answers, place) => {
        const changes = await plan(folder, answers);
        if (changes.every(change => change.before === change.after)) {
          void vscode.window.showInformationMessage(vscode.l10n.t('The files say all of this already.'));
          return { kind: 'cancel' };
        }
        const reviewed = await review(ui, preview, title, changes, place);
        if (reviewed.kind !== 'value') return reviewed;
        await applyChanges(changes);
        return { kind: 'value', value: answers };
      },
    };
    const before = { ...memory.recall(), ...answersOf(written) };
    const answers = await runWizard([...steps, writeStep], before, given => void memory.keep(given));
    if (answers) await vscode.commands.executeCommand('vscode.open', (await plan(folder, answers))[0]?.uri);
  };
  registerCommands(context, reporter, {
    setUp: flow(vscode.l10n.t('Set Up Log Export'), planSetUp, questions => [
      questions.accessMode(),
      questions.bucket(),
      questions.folder(),
      questions.region(),
      questions.role(),
      questions.account(),
      questions.deploymentRoles(),
    ]),
    createPermissionPolicy: flow(vscode.l10n.t('Create Permission Policy'), planPermissionPolicy, questions => [
      questions.bucket(),
      questions.scope(),
      questions.folder({ applies: ({ leastPrivilege }) => leastPrivilege === true }),
    ]),
    createTrustPolicy: flow(vscode.l10n.t('Create Trust Policy'), planTrustPolicy, questions => [
      questions.deploymentRoles({ always: true }),
    ]),
    addVariables: flow(vscode.l10n.t('Add Variables to .env'), planVariables, questions => [
      questions.accessMode(),
      questions.bucket(),
      questions.folder(),
      questions.region(),
      questions.role(),
      questions.account(),
    ]),
  });
}

/** What the flow was told the last time, for each project. */
class RememberedAnswers {
  private readonly key: string;

  constructor(
    private readonly state: vscode.Memento,
    folder: ProjectFolder,
  ) {
    this.key = `setUpAnswers:${folder.uri.toString()}`;
  }

  recall(): SetUpAnswers {
    return this.state.get<SetUpAnswers>(this.key, {});
  }

  keep(answers: SetUpAnswers): Thenable<void> {
    return this.state.update(this.key, answers);
  }
}

async function readProjectExport(folder: ProjectFolder): Promise<Export | undefined> {
  const uri = vscode.Uri.joinPath(folder.uri, SCAFFOLD_FILES.env);
  const text = await readCurrentText(uri);
  if (text === undefined) return undefined;
  const source = { path: pathOf(uri), text };
  return readExports({ uri, source }, (await loadFileTools()).exportsIn(source))[0];
}

/** What the project's own env file says already. */
function answersOf(item: Export | undefined): SetUpAnswers {
  if (!item?.target) return {};
  const { accessMode, bucket, prefix, region, roleArn } = item.target;
  return { accessMode, bucket, folder: prefix.replace(/\/$/, ''), region: region ?? null, roleArn };
}
