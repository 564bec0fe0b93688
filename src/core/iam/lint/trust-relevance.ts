import type { ExportFacts } from '../../export-facts';
import { folderDistance, nameOf, type SourceFile } from '../../lint/source-file';
import type { SourceFiles } from '../../lint/source-files';
import { type PolicyReading, readPolicy } from './policy-reading';
import { judgePrincipal } from './trust-principals';

/** Whose trust a policy is: the exports with a role beside it. Empty where it is judged by itself. */
export interface TrustRelevance {
  readonly exports: readonly ExportFacts[];
}

/**
 * Whether a trust policy is that of the export's role. Beside an export it is, unless it is for a service of AWS, which
 * many roles of a project are for, or unless another one lets a Deployment in; further away only by its name or as the only
 * one there is.
 */
export function trustRelevanceOf(policy: PolicyReading, files: SourceFiles): TrustRelevance | undefined {
  const near = files.exportsFor(policy.path);
  const exports = near.filter(({ settings }) => settings.roleArn !== undefined);
  if (policy.isNamedAsOurs) return { exports };
  const others = files.all.flatMap(file =>
    file.path !== policy.path && isJson(file.path) ? (readTrust(file) ?? []) : [],
  );
  if (near.length === 0) return files.all.length <= 1 && !isForService(policy) ? { exports } : undefined;
  const distance = Math.min(...near.map(({ file }) => folderDistance(file, policy.path)));
  if (isForService(policy)) {
    const isLikely = distance <= 1 && others.length === 0 && exports.length > 0 && !isNamedForService(policy);
    return isLikely ? { exports } : undefined;
  }
  const isOnly = !others.some(other => !isForService(other));
  const isBeside = distance === 0 && (letsDeploymentIn(policy) || !others.some(letsDeploymentIn));
  return isBeside || isOnly ? { exports } : undefined;
}

function isJson(path: string): boolean {
  return /\.json$/i.test(path);
}

function readTrust(file: SourceFile): PolicyReading | undefined {
  const reading = readPolicy(file);
  return reading?.kind === 'trust' ? reading : undefined;
}

/** A role by its ARN, or the service accounts of a cluster. */
function letsDeploymentIn({ statements }: PolicyReading): boolean {
  return statements.some(({ effect, principals, conditions }) => {
    const isOfCluster = conditions.some(({ values }) =>
      values.some(({ value }) => value.startsWith('system:serviceaccount:')),
    );
    const isRight = principals.some(text => !judgePrincipal(text, undefined) && (text.kind === 'AWS' || isOfCluster));
    return effect === 'Allow' && isRight;
  });
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
