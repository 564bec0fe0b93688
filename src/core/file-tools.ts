import { config } from '@vscode/l10n';
import { completeDeployment } from './assist/complete-deployment';
import { completeEnv } from './assist/complete-env';
import { describeDeploymentKey } from './assist/describe-deployment';
import { describeEnvLine } from './assist/describe-key';
import { describePolicy } from './assist/describe-policy';
import { knownValues } from './assist/known-values';
import { deploymentNameOf, editDeploymentFile } from './deployment/edit-deployment-file';
import { deriveInSteps, lintFile } from './lint/lint-files';
import type { SourceFile } from './lint/source-file';
import { exportsIn, SourceFiles } from './lint/source-files';
import { requirementIncludes } from './project/requirements-file';
import { runtimeOfProject } from './project/runtime-of-project';

/**
 * All that an editor does with the texts of files beyond a keystroke's work. With the parsers that it takes, it is a
 * bundle of its own, so that activating stays cheap: load it when there is a file to look at.
 */
export const fileTools = {
  completeDeployment,
  completeEnv,
  deploymentNameOf,
  deriveInSteps,
  describeDeploymentKey,
  describeEnvLine,
  describePolicy,
  editDeploymentFile,
  exportsIn,
  knownValues,
  lintFile,
  requirementIncludes,
  runtimeOfProject,
  sourceFiles: (files: Iterable<SourceFile>): SourceFiles => new SourceFiles(files),
  /** Gives this bundle the texts of the person's language. */
  translate: (contents: Readonly<Record<string, string>>): void => config({ contents }),
};

export type FileTools = typeof fileTools;
