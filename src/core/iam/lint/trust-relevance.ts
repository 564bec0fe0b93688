import type { ExportFacts } from '../../export-facts';
import { folderDistance, nameOf } from '../../lint/source-file';
import type { SourceFiles } from '../../lint/source-files';
import { type PolicyReading, readPolicy } from './policy-reading';

/** Whose trust a policy is: the exports with a role beside it. Empty where it is judged by itself. */
export interface TrustRelevance {
  readonly exports: readonly ExportFacts[];
}

/**
 * Whether a trust policy is that of the export's role. Beside an export it is, unless it is for a service of AWS, which
 * many roles of a project are for; further away only by its name or as the only one there is.
 */
export function trustRelevanceOf(policy: PolicyReading, files: SourceFiles): TrustRelevance | undefined {
  const near = files.exportsFor(policy.path);
  const exports = near.filter(({ settings }) => settings.roleArn !== undefined);
  if (policy.isNamedAsOurs) return { exports };
  if (near.length === 0) return files.all.length <= 1 && !isForService(policy) ? { exports } : undefined;
  const isBeside = near.some(({ file }) => folderDistance(file, policy.path) <= 1);
  const isOnly = !files.all.some(file => file.path !== policy.path && isTrust(file));
  if (isForService(policy))
    return isBeside && isOnly && exports.length > 0 && !isNamedForService(policy) ? { exports } : undefined;
  return isBeside || isOnly ? { exports } : undefined;
}

function isTrust(file: Parameters<typeof readPolicy>[0]): boolean {
  return /\.json$/i.test(file.path) && readPolicy(file)?.kind === 'trust';
}

function isForService({ statements }: PolicyReading): boolean {
  const principals = statements.flatMap(each => each.principals);
  return principals.length > 0 && principals.every(({ kind }) => kind === 'Service');
}

/** `lambda-trust.json` for `lambda.amazonaws.com`. */
function isNamedForService({ statements, path }: PolicyReading): boolean {
  const name = nameOf(path).toLowerCase();
  return statements.some(({ principals }) =>
    principals.some(({ value }) => name.includes(value.split(/[.-]/, 1)[0] as string)),
  );
}
