import { l10n } from 'vscode';
import { AWS_REGIONS, partitionOfRegion, regionProblem } from '../../core/aws-names';
import type { AccessMode } from '../../core/export-settings';
import { accountProblem, normalPrefix } from '../../jobs/scaffold-input';
import type { Answer, Choice, StepPlace, TextQuestion, UserInput } from '../ui/user-input';
import type { SetUpAnswers } from './answers';
import { bucketProblem, folderProblem, identitiesProblem, roleProblem, splitList } from './problems';
import type { Step } from './wizard';

export type SetUpStep = Step<SetUpAnswers>;

/** The questions of the setup commands; each command asks some of them, under its own title. */
export class Questions {
  constructor(
    private readonly ui: UserInput,
    private readonly title: string,
    /** The Deployment's or project's name, as a segment of a folder. */
    private readonly project: string,
  ) {}

  accessMode(): SetUpStep {
    const choices: readonly Choice<AccessMode>[] = [
      {
        label: l10n.t('Assume a role'),
        detail: l10n.t('The Deployment’s identity assumes a role of yours, which may write to the bucket.'),
        value: 'assume-role',
      },
      {
        label: l10n.t('Workload identity'),
        detail: l10n.t('The Deployment’s own identity, managed by you, may write to the bucket itself.'),
        value: 'workload-identity',
      },
    ];
    return {
      ask: async (answers, place) =>
        filledIn(
          await this.ui.pick({
            title: this.title,
            placeholder: l10n.t('How does the Deployment get at the bucket?'),
            choices,
            active: answers.accessMode,
            place,
          }),
          answers,
          accessMode => ({ accessMode }),
        ),
    };
  }

  bucket(): SetUpStep {
    return this.text(
      {
        prompt: l10n.t('Name of the bucket that the task logs go to'),
        placeholder: 'my-airflow-logs',
        validate: bucketProblem,
      },
      answers => answers.bucket,
      bucket => ({ bucket }),
    );
  }

  /** How far the permission policy reaches. */
  scope(): SetUpStep {
    return {
      ask: async (answers, place) =>
        filledIn(
          await this.ui.pick<boolean>({
            title: this.title,
            placeholder: l10n.t('How far does the policy reach?'),
            choices: [
              {
                label: l10n.t('As Documented'),
                detail: l10n.t('What Astro’s documentation shows: the whole bucket.'),
                value: false,
              },
              {
                label: l10n.t('Least Privilege'),
                detail: l10n.t(
                  'Lists, reads, writes and deletes under the folder alone, which is less than documented.',
                ),
                value: true,
              },
            ],
            active: answers.leastPrivilege ?? false,
            place,
          }),
          answers,
          leastPrivilege => ({ leastPrivilege }),
        ),
    };
  }

  folder({ applies = () => true }: { readonly applies?: (answers: SetUpAnswers) => boolean } = {}): SetUpStep {
    return {
      applies,
      ...this.text(
        {
          prompt: l10n.t(
            'Folder in the bucket. Give each Deployment its own: two in one folder overwrite each other’s logs',
          ),
          placeholder: `logs/${this.project}`,
          validate: folderProblem,
        },
        answers => answers.folder ?? `logs/${this.project}`,
        folder => ({ folder: normalPrefix(folder) }),
      ),
    };
  }

  region(): SetUpStep {
    const choices: readonly Choice<string | null>[] = [
      {
        label: l10n.t('Same as the Deployment'),
        description: l10n.t('leave the variable out'),
        value: null,
      },
      ...AWS_REGIONS.map(region => ({
        group: l10n.t('regions'),
        label: region.id,
        description: region.name,
        value: region.id,
      })),
    ];
    const known = new Set(AWS_REGIONS.map(region => region.id));
    return {
      ask: async (answers, place) =>
        filledIn(
          await this.ui.pick<string | null>({
            title: this.title,
            placeholder: l10n.t('Region of the bucket: pick one, or type its code'),
            choices,
            active: answers.region ?? null,
            place,
            typed: text =>
              known.has(text) || regionProblem(text) !== undefined
                ? undefined
                : { label: text, description: l10n.t('a region not in this list'), value: text },
            problem: text => (choices.some(choice => matches(choice, text)) ? undefined : regionProblem(text)),
          }),
          answers,
          region => ({ region }),
        ),
    };
  }

  role(): SetUpStep {
    return {
      applies: assumesRole,
      ...this.text(
        {
          prompt: l10n.t('Role that the Deployment assumes: its ARN, or the name it will have'),
          placeholder: 'arn:aws:iam::123456789012:role/astro-secondary-logs',
          validate: (role, { region }) => roleProblem(role, region ?? undefined),
        },
        answers => answers.roleArn ?? answers.roleName,
        role => (role.includes(':') ? { roleArn: role, roleName: undefined } : { roleArn: undefined, roleName: role }),
      ),
    };
  }

  /** Asked where the role was only named. */
  account(): SetUpStep {
    return {
      applies: answers => assumesRole(answers) && answers.roleName !== undefined,
      ...this.text(
        {
          prompt: l10n.t('AWS account that the role is in'),
          placeholder: '123456789012',
          validate: accountProblem,
        },
        answers => answers.roleArn?.split(':')[4],
        (account, { region, roleName }) => {
          const partition = (region && partitionOfRegion(region)) || 'aws';
          return { roleArn: `arn:${partition}:iam::${account}:role/${roleName}` };
        },
      ),
    };
  }

  deploymentRoles({ always = false } = {}): SetUpStep {
    return {
      applies: answers => always || assumesRole(answers),
      ...this.text(
        {
          prompt: l10n.t(
            'Workload identity of the Deployment (Details page in the Astro UI); several are separated by commas',
          ),
          placeholder: 'arn:aws:iam::111122223333:role/astro-deployment-role',
          validate: (roles, { roleArn }) => identitiesProblem(roles, roleArn),
        },
        answers => answers.deploymentRoles?.join(', '),
        text => ({ deploymentRoles: splitList(text) }),
      ),
    };
  }

  private text(
    {
      validate,
      ...question
    }: Omit<TextQuestion, 'title' | 'place' | 'value' | 'validate'> & {
      readonly validate: (text: string, answers: SetUpAnswers) => string | undefined;
    },
    current: (answers: SetUpAnswers) => string | undefined,
    read: (text: string, answers: SetUpAnswers) => Partial<SetUpAnswers>,
  ): SetUpStep {
    return {
      ask: async (answers: SetUpAnswers, place: StepPlace) =>
        filledIn(
          await this.ui.text({
            ...question,
            title: this.title,
            place,
            value: current(answers),
            validate: text => validate(text, answers),
          }),
          answers,
          text => read(text, answers),
        ),
    };
  }
}

function assumesRole(answers: SetUpAnswers): boolean {
  return answers.accessMode === 'assume-role';
}

function filledIn<T>(
  answer: Answer<T>,
  answers: SetUpAnswers,
  read: (value: T) => Partial<SetUpAnswers>,
): Answer<SetUpAnswers> {
  return answer.kind === 'value' ? { kind: 'value', value: { ...answers, ...read(answer.value) } } : answer;
}

function matches(choice: Choice<unknown>, text: string): boolean {
  return `${choice.label} ${choice.description ?? ''}`.toLowerCase().includes(text.toLowerCase());
}
