import * as vscode from 'vscode';
import type { AwsSession } from '../../aws/session';
import { ExportError } from '../../core/export-error';
import { renderAwsCli } from '../../core/iam/render-aws-cli';
import { renderCloudFormation } from '../../core/iam/render-cloudformation';
import { renderTerraform } from '../../core/iam/render-terraform';
import {
  applyProvision,
  type PreparedPlan,
  type ProvisionResult,
  prepareProvision,
} from '../../jobs/provision/provision';
import { type ProvisionInput, stackOf } from '../../jobs/provision/provision-input';
import { changesOf, type ProvisionStep } from '../../jobs/provision/provision-plan';
import { removeCreated } from '../../jobs/provision/remove-created';
import { SCAFFOLD_FILES } from '../../jobs/scaffold';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { chooseExport, ensureReady, exportOfRow } from '../exports/index';
import { type Reporter, registerCommands } from '../ui/commands';
import { runWithProgress } from '../ui/run-job';
import { asSentences } from '../ui/sentences';
import type { Choice, UserInput } from '../ui/user-input';
import { applyChanges, type FileChange, readCurrentText } from './files';
import type { Preview } from './preview';
import { type ProvisionAnswers, ProvisionMemory } from './provision-answers';
import { askProvision } from './provision-questions';
import { printDrift, printPlan } from './provision-words';

/** The forms in which a plan can be saved instead of applied. */
const RENDERERS = {
  terraform: renderTerraform,
  cloudformation: renderCloudFormation,
  'aws-cli': renderAwsCli,
} as const;

type Form = keyof typeof RENDERERS;
type Decision = 'apply' | 'pull' | 'remove' | 'cancel' | Form;

/** What came of the command; undefined where nothing was done. */
export type Provisioned =
  | { readonly kind: 'applied'; readonly result: ProvisionResult }
  | { readonly kind: 'saved' | 'pulled'; readonly files: readonly vscode.Uri[] }
  | { readonly kind: 'removed' | 'nothing' };

/** Registers the command that makes an export's role and bucket in AWS. */
export function registerProvision(
  context: vscode.ExtensionContext,
  { exports, ui, reporter, preview }: { exports: Exports; ui: UserInput; reporter: Reporter; preview: Preview },
): void {
  registerCommands(context, reporter, {
    provision: async argument => {
      const item = exportOfRow(argument) ?? (await chooseExport(exports, ui));
      await ensureReady(exports, ui, item);
      const flow = new ProvisionFlow(item, ui, reporter, preview, new ProvisionMemory(context.workspaceState, item.id));
      return exports.use(item, session => flow.run(session));
    },
  });
}

class ProvisionFlow {
  private readonly title = vscode.l10n.t('Provision in AWS');

  constructor(
    private readonly item: Export,
    private readonly ui: UserInput,
    private readonly reporter: Reporter,
    private readonly preview: Preview,
    private readonly memory: ProvisionMemory,
  ) {}

  async run(session: AwsSession): Promise<Provisioned | undefined> {
    const files = await this.readFiles();
    const first = await this.prepare(session, this.inputOf(session, files, this.memory.recall()));
    const answers = await this.ask(session, files, first);
    if (!answers) return undefined;
    await this.memory.keep(answers);
    const input = this.inputOf(session, files, answers);
    const prepared = await this.prepare(session, input);
    const { created } = prepared.plan;
    if (changesOf(prepared.plan).length === 0 && !created.role && !created.bucket) {
      void vscode.window.showInformationMessage(
        asSentences(vscode.l10n.t('There is nothing to change in AWS'), ...prepared.plan.notes),
      );
      return { kind: 'nothing' };
    }
    const decision = await this.decide(prepared);
    if (decision === 'apply') return this.apply(session, input, prepared);
    if (decision === 'pull') return this.pull(prepared);
    if (decision === 'remove') return this.remove(session, input, prepared);
    return decision === 'cancel' ? undefined : this.save(input, prepared, decision);
  }

  private prepare(session: AwsSession, input: ProvisionInput): Promise<PreparedPlan> {
    return runWithProgress(vscode.l10n.t('Reading what AWS has'), signal =>
      prepareProvision({ session, input }, { signal }),
    );
  }

  private async readFiles(): Promise<Pick<ProvisionInput, 'policy' | 'trust' | 'bucketPolicy'>> {
    const read = (name: string) => readCurrentText(vscode.Uri.joinPath(this.item.uri, '..', name));
    const [policy, trust, bucketPolicy] = await Promise.all([
      read(SCAFFOLD_FILES.policy),
      read(SCAFFOLD_FILES.trust),
      read(SCAFFOLD_FILES.bucketPolicy),
    ]);
    if (policy !== undefined) return { policy, trust, bucketPolicy };
    throw new ExportError(
      'not-found',
      vscode.l10n.t('There is no {0} beside {1}.', SCAFFOLD_FILES.policy, this.item.id),
      vscode.l10n.t('Run "Astro Log Export: Set Up Log Export…" first.'),
    );
  }

  private inputOf(
    session: AwsSession,
    files: Pick<ProvisionInput, 'policy' | 'trust' | 'bucketPolicy'>,
    answers: ProvisionAnswers,
  ): ProvisionInput {
    const { target } = session;
    return { target, ...files, ...answers, roleArn: target.roleArn ?? answers.roleArn };
  }

  /** Asks about what is missing in AWS, and about the rest nothing. */
  private ask(
    session: AwsSession,
    { policy, trust }: Pick<ProvisionInput, 'policy' | 'trust'>,
    { state }: PreparedPlan,
  ): Promise<ProvisionAnswers | undefined> {
    const { target, ambientRegion } = session;
    const roleName = target.roleArn === undefined;
    return askProvision(this.ui, this.title, this.memory.recall(), {
      bucket: state.bucket === undefined && state.foreignBucket === undefined,
      role: state.ownsRole && state.role === undefined && trust !== undefined,
      roleName,
      region: target.region ?? ambientRegion ?? 'us-east-1',
      kmsKeyArn: /arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+/.exec(policy)?.[0],
    });
  }

  private async decide(prepared: PreparedPlan): Promise<Decision> {
    const close = await this.preview.show(vscode.l10n.t('{0}: Preview', this.title), this.documents(prepared));
    try {
      const choices = this.choices(prepared);
      const answer = await this.ui.pick<Decision>({
        title: this.title,
        placeholder: vscode.l10n.t('Nothing is changed yet: the editor shows the whole plan'),
        choices,
        active: choices[0]?.value,
      });
      return answer.kind === 'value' ? answer.value : 'cancel';
    } finally {
      await close();
    }
  }

  /** The plan in words, then one difference for each thing that changes. */
  private documents(prepared: PreparedPlan): FileChange[] {
    const virtual = (name: string) => vscode.Uri.from({ scheme: 'aws', path: `/${name}` });
    return [
      { uri: virtual('plan.md'), before: '', after: printPlan(prepared) },
      ...changesOf(prepared.plan).map(({ id, before, after }) => ({
        uri: virtual(/^\s*[[{]/.test(after) ? `${id}.json` : `${id}.txt`),
        before: before ?? '',
        after,
      })),
    ];
  }

  /** The first one is proposed: saving, where the caller lacks a right that the plan needs. */
  private choices({ plan, needed }: PreparedPlan): Choice<Decision>[] {
    const changes = changesOf(plan);
    const lacks = needed.denied.length > 0;
    const apply: Choice<Decision> = {
      label: `$(cloud-upload) ${changes.length === 1 ? vscode.l10n.t('Apply the Change') : vscode.l10n.t('Apply {0} Changes', changes.length)}`,
      description: lacks ? vscode.l10n.t('you are denied {0}', needed.denied.join(', ')) : '',
      detail: changes.map(step => step.title + printDrift(step)).join(' · '),
      value: 'apply',
    };
    const save: Choice<Decision>[] = [
      { label: `$(file-code) ${vscode.l10n.t('Save as Terraform')}`, value: 'terraform' },
      { label: `$(file-code) ${vscode.l10n.t('Save as CloudFormation')}`, value: 'cloudformation' },
      { label: `$(terminal) ${vscode.l10n.t('Save as an AWS CLI Script')}`, value: 'aws-cli' },
    ];
    const applies = changes.length > 0 ? [apply] : [];
    const pull: Choice<Decision>[] =
      pullable(changes).length > 0
        ? [
            {
              label: `$(arrow-down) ${vscode.l10n.t('Take What AWS Has into the Files')}`,
              detail: pullable(changes)
                .map(step => step.title)
                .join(' · '),
              value: 'pull',
            },
          ]
        : [];
    const remove: Choice<Decision>[] =
      plan.created.role || plan.created.bucket
        ? [{ label: `$(trash) ${vscode.l10n.t('Delete What Was Created Here…')}`, value: 'remove' }]
        : [];
    const cancel: Choice<Decision> = { label: `$(close) ${vscode.l10n.t('Change Nothing')}`, value: 'cancel' };
    return lacks
      ? [...save, ...applies, ...pull, ...remove, cancel]
      : [...applies, ...pull, ...save, ...remove, cancel];
  }

  private async apply(session: AwsSession, input: ProvisionInput, { plan }: PreparedPlan): Promise<Provisioned> {
    const result = await runWithProgress(this.title, (signal, report) =>
      applyProvision(
        { session, input, plan },
        {
          signal,
          onProgress: ({ step, waitingMs }) =>
            report(step?.title ?? vscode.l10n.t('Waiting for IAM: {0} s', Math.round((waitingMs ?? 0) / 1000))),
        },
      ),
    );
    for (const id of result.done) this.reporter.log.info(`${this.item.id}: ${id} done`);
    const { failed, effect, remaining } = result;
    if (failed) {
      throw new ExportError(
        failed.error.code,
        failed.error.message,
        asSentences(
          failed.error.nextStep,
          vscode.l10n.t(
            'Running it again does the rest; the plan can also be saved as Terraform, CloudFormation or a script',
          ),
        ),
        { cause: failed.error.cause },
      );
    }
    if (remaining.length > 0) {
      const titles = remaining.map(step => step.title).join(', ');
      void vscode.window.showWarningMessage(vscode.l10n.t('AWS does not have this as it was asked for: {0}', titles));
    } else if (effect && !effect.isInEffect) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'All is there, but not yet in effect after {0} s: verify the export in a few minutes.',
          Math.round(effect.elapsedMs / 1000),
        ),
      );
    } else void this.offerVerification();
    return { kind: 'applied', result };
  }

  private async offerVerification(): Promise<void> {
    const verify = vscode.l10n.t('Verify Export');
    const message = vscode.l10n.t('AWS has what the files say.');
    if ((await vscode.window.showInformationMessage(message, verify)) === verify) {
      await vscode.commands.executeCommand('astroLogExport.verify', { item: this.item });
    }
  }

  private async save(input: ProvisionInput, { state }: PreparedPlan, form: Form): Promise<Provisioned> {
    const bucketAccount = state.ownsRole || input.roleArn === undefined ? undefined : state.account;
    const uri = vscode.Uri.joinPath(this.item.uri, '..', SCAFFOLD_FILES[form]);
    await applyChanges([
      { uri, before: await readCurrentText(uri), after: RENDERERS[form](stackOf(input, bucketAccount)) },
    ]);
    await vscode.commands.executeCommand('vscode.open', uri);
    return { kind: 'saved', files: [uri] };
  }

  /** The other direction: the files say what AWS has. */
  private async pull({ plan }: PreparedPlan): Promise<Provisioned> {
    const changes: FileChange[] = [];
    for (const step of pullable(changesOf(plan))) {
      const name = step.id === 'trust' ? SCAFFOLD_FILES.trust : SCAFFOLD_FILES.policy;
      const uri = vscode.Uri.joinPath(this.item.uri, '..', name);
      changes.push({ uri, before: await readCurrentText(uri), after: `${step.before}\n` });
    }
    await applyChanges(changes);
    return { kind: 'pulled', files: changes.map(change => change.uri) };
  }

  private async remove(
    session: AwsSession,
    input: ProvisionInput,
    { plan }: PreparedPlan,
  ): Promise<Provisioned | undefined> {
    const what = [
      ...(plan.created.role ? [vscode.l10n.t('the role {0}', input.roleArn ?? '')] : []),
      ...(plan.created.bucket ? [vscode.l10n.t('the bucket {0}, if it is empty', input.target.bucket)] : []),
    ];
    const answer = await this.ui.pick<boolean>({
      title: this.title,
      placeholder: vscode.l10n.t('Delete {0}? This can not be undone', what.join(', ')),
      choices: [
        { label: `$(close) ${vscode.l10n.t('Keep It')}`, value: false },
        { label: `$(trash) ${vscode.l10n.t('Delete')}`, value: true },
      ],
      active: false,
    });
    if (answer.kind !== 'value' || !answer.value) return undefined;
    const removed = await runWithProgress(vscode.l10n.t('Deleting what was created here'), signal =>
      removeCreated({ session, input }, { signal }),
    );
    if (removed.bucket) await this.memory.keep(undefined);
    if (removed.kept.length > 0) void vscode.window.showInformationMessage(asSentences(...removed.kept));
    return { kind: 'removed' };
  }
}

/** Policies that AWS has in another form, which the files can take over. */
function pullable(changes: readonly ProvisionStep[]): readonly ProvisionStep[] {
  return changes.filter(({ id, before }) => (id === 'trust' || id === 'role-policy') && before !== undefined);
}
