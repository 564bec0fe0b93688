import { l10n } from 'vscode';
import type { BucketSettings } from '../../core/iam/render-stack';
import { parseKeyArn, roleArnProblem } from '../../jobs/scaffold-input';
import type { Answer, UserInput } from '../ui/user-input';
import { type ProvisionAnswers, parseTags } from './provision-answers';
import { runWizard, type Step } from './wizard';

/** What is missing in AWS, and so has to be asked about. */
export interface Missing {
  readonly bucket: boolean;
  readonly role: boolean;
  /** In workload identity the files don't tell whose policy it is. */
  readonly roleName: boolean;
  readonly region: string;
  /** The key that the permission policy names. */
  readonly kmsKeyArn?: string;
}

/** Asks only about what is to be made; undefined where the person gave up. */
export function askProvision(
  ui: UserInput,
  title: string,
  before: ProvisionAnswers,
  missing: Missing,
): Promise<ProvisionAnswers | undefined> {
  return runWizard<ProvisionAnswers>(steps(ui, title, missing), before);
}

function steps(ui: UserInput, title: string, missing: Missing): Step<ProvisionAnswers>[] {
  const text = (
    prompt: string,
    value: (answers: ProvisionAnswers) => string | undefined,
    validate: (text: string) => string | undefined,
    read: (text: string, answers: ProvisionAnswers) => ProvisionAnswers,
    applies: (answers: ProvisionAnswers) => boolean,
    placeholder?: string,
  ): Step<ProvisionAnswers> => ({
    applies,
    ask: async (answers, place) =>
      mapped(await ui.text({ title, prompt, placeholder, value: value(answers) ?? '', validate, place }), given =>
        read(given.trim(), answers),
      ),
  });
  const makesBucket = (answers: ProvisionAnswers) => missing.bucket && answers.bucket !== undefined;
  const withBucket = (answers: ProvisionAnswers, change: Partial<BucketSettings>): ProvisionAnswers => ({
    ...answers,
    bucket: { region: missing.region, ...answers.bucket, ...change },
  });
  return [
    text(
      l10n.t('Role of the Deployment that gets the permission policy: its ARN. Empty: leave the role out'),
      answers => answers.roleArn,
      given => (given.trim() === '' ? undefined : roleArnProblem(given.trim())),
      (given, answers) => ({ ...answers, roleArn: given || undefined }),
      () => missing.roleName,
      'arn:aws:iam::123456789012:role/deployment',
    ),
    {
      applies: () => missing.bucket,
      ask: async (answers, place) =>
        mapped(
          await ui.pick<'sse-s3' | 'kms' | 'none'>({
            title,
            placeholder: l10n.t('There is no such bucket: create it, closed to the public and with TLS only?'),
            choices: [
              {
                label: l10n.t('Create the Bucket'),
                description: l10n.t('encrypted with S3’s own keys'),
                value: 'sse-s3',
              },
              {
                label: l10n.t('Create with a KMS Key'),
                description: l10n.t('encrypted with a key of yours'),
                value: 'kms',
              },
              { label: l10n.t('No Bucket'), description: l10n.t('somebody else makes it'), value: 'none' },
            ],
            active: missing.kmsKeyArn === undefined ? 'sse-s3' : 'kms',
            place,
          }),
          choice =>
            choice === 'none'
              ? { ...answers, bucket: undefined }
              : withBucket(answers, { kmsKeyArn: choice === 'kms' ? (missing.kmsKeyArn ?? '') : undefined }),
        ),
    },
    text(
      l10n.t('ARN of the key. The permission policy has to allow it too'),
      answers => answers.bucket?.kmsKeyArn,
      given =>
        parseKeyArn(given.trim()) ? undefined : l10n.t('It reads like arn:aws:kms:us-east-1:123456789012:key/….'),
      (given, answers) => withBucket(answers, { kmsKeyArn: given }),
      answers => makesBucket(answers) && answers.bucket?.kmsKeyArn !== undefined,
    ),
    {
      applies: makesBucket,
      ask: async (answers, place) =>
        mapped(
          await ui.pick<boolean>({
            title,
            placeholder: l10n.t('Keep older versions of logs? Each append to a log makes one'),
            choices: [
              { label: l10n.t('Keep No Versions'), value: false },
              {
                label: l10n.t('Keep Versions'),
                description: l10n.t('a log that was overwritten can be had back'),
                value: true,
              },
            ],
            active: answers.bucket?.versioning ?? false,
            place,
          }),
          versioning => withBucket(answers, versioning ? { versioning } : { versioning, noncurrentDays: undefined }),
        ),
    },
    text(
      l10n.t('Days after which a log is deleted. Empty: never'),
      answers => answers.bucket?.expireDays?.toString(),
      daysProblem,
      (given, answers) => withBucket(answers, { expireDays: days(given) }),
      makesBucket,
    ),
    text(
      l10n.t('Days that an older version is kept. Empty: for ever'),
      answers => answers.bucket?.noncurrentDays?.toString(),
      daysProblem,
      (given, answers) => withBucket(answers, { noncurrentDays: days(given) }),
      answers => makesBucket(answers) && answers.bucket?.versioning === true,
    ),
    text(
      l10n.t('ARN of the permissions boundary of the new role. Empty: none'),
      answers => answers.boundaryArn,
      given =>
        given.trim() === '' || /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/\S+$/.test(given.trim())
          ? undefined
          : l10n.t('It reads like arn:aws:iam::123456789012:policy/boundary.'),
      (given, answers) => ({ ...answers, boundaryArn: given || undefined }),
      () => missing.role,
    ),
    text(
      l10n.t('Tags of what is made, like team=data, cost center=42. Empty: none'),
      answers =>
        Object.entries(answers.tags ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
      given => {
        const tags = parseTags(given);
        return typeof tags === 'string' ? tags : undefined;
      },
      (given, answers) => ({ ...answers, tags: parseTags(given) as Record<string, string> }),
      answers => missing.role || makesBucket(answers),
    ),
  ];
}

function days(text: string): number | undefined {
  return text === '' ? undefined : Number(text);
}

function daysProblem(text: string): string | undefined {
  return /^\s*(|[1-9]\d{0,4})\s*$/.test(text) ? undefined : l10n.t('A whole number of days, 1 or more.');
}

function mapped<T>(answer: Answer<T>, read: (value: T) => ProvisionAnswers): Answer<ProvisionAnswers> {
  return answer.kind === 'value' ? { kind: 'value', value: read(answer.value) } : answer;
}
