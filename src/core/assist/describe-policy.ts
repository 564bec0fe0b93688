import { partitionOfRegion } from '../aws-names';
import { describeStatement } from '../iam/lint/describe-statement';
import type { SourceFile } from '../lint/source-file';
import type { SourceFiles } from '../lint/source-files';
import type { Description } from './describe-key';

/**
 * What the statement at an offset of a policy does for the export that the policy belongs to; where that is not one
 * alone, for the bucket that the policy names itself.
 */
export function describePolicy(file: SourceFile, offset: number, files: SourceFiles): Description | undefined {
  const targets = files.exportsFor(file.path).flatMap(each => each.target ?? []);
  const [target] = targets;
  const isOne = targets.every(each => each.bucket === target?.bucket && each.prefix === target.prefix);
  const partition = target?.roleArn?.split(':')[1] ?? (target?.region && partitionOfRegion(target.region));
  const found = describeStatement(
    file,
    offset,
    target && isOne ? { ...target, ...(partition ? { partition } : {}) } : undefined,
  );
  return found && { range: { start: found.start, end: found.end }, markdown: found.markdown };
}
