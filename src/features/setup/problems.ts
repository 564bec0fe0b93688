import { t } from '@vscode/l10n';
import { bucketNameProblem, partitionOfRegion } from '../../core/aws-names';
import { prefixProblem, roleArnProblem } from '../../jobs/scaffold-input';

/** Why a typed bucket name can't be one; undefined where it can. */
export function bucketProblem(text: string): string | undefined {
  if (text === '') return t('The export needs a bucket.');
  const uri = /^s3a?:\/\/([^/]*)/i.exec(text);
  if (uri) return t('Only the name of the bucket, without s3:// and folder: {0}', uri[1] as string);
  if (/^arn:/i.test(text)) return t('Only the name of the bucket, not its ARN: {0}', text.split(':').at(-1) as string);
  return bucketNameProblem(text);
}

/** Why a typed folder can't be one; undefined where it can. */
export function folderProblem(text: string): string | undefined {
  if (text === '') return t('Logs need a folder of their own in the bucket.');
  return prefixProblem(text);
}

/** Why typed text is neither a role's ARN nor its name; undefined where it is. `region` is the bucket's. */
export function roleProblem(text: string, region?: string): string | undefined {
  if (text === '') return t('Name the role that writes the logs.');
  if (text.includes(':')) return roleArnProblem(text) ?? partitionProblem(text, region && partitionOfRegion(region));
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  const name = text.split('/').at(-1) as string;
  if (!/^[\w+=,.@-]+(\/[\w+=,.@-]+)*$/.test(text)) return t('A role name has only letters, digits and + = , . @ _ -');
  if (name.length > 64) return t('A role name has at most 64 characters, not {0}', name.length);
  return undefined;
}

/** The ARNs in a typed list, separated by blanks or commas. */
export function splitList(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter(part => part !== '');
}

/** Why a typed list of Deployments' identities can't be trusted by a role; undefined where it can. */
export function identitiesProblem(text: string, roleArn?: string): string | undefined {
  const arns = splitList(text);
  if (arns.length === 0) return t('Paste the workload identity from the Deployment’s Details page in the Astro UI.');
  for (const arn of arns) {
    const problem = roleArnProblem(arn) ?? partitionProblem(arn, roleArn?.split(':')[1]);
    if (problem) return problem;
    if (arn === roleArn) return t('This is the role to assume itself, which the Deployment is not yet.');
  }
  return undefined;
}

function partitionProblem(arn: string, partition: string | undefined): string | undefined {
  const own = arn.split(':')[1];
  if (partition === undefined || partition === own) return undefined;
  return t('It lies in the partition {0}, what you answered before in {1}', own ?? '', partition);
}
