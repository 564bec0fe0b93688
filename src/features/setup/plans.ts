import * as vscode from 'vscode';
import { parseEnvDocument } from '../../core/env/env-document';
import { mergeVariables } from '../../core/env/merge';
import { EXPORT_KEYS, type ExportKey } from '../../core/export-settings';
import { buildTrustPolicy, formatPolicy } from '../../core/iam/build';
import { applyEdits } from '../../core/text/text-range';
import { planScaffold, SCAFFOLD_FILES, type ScaffoldFileName, scaffoldVariables } from '../../jobs/scaffold';
import type { ScaffoldInput } from '../../jobs/scaffold-input';
import type { SetUpAnswers } from './answers';
import { type FileChange, readCurrentText } from './files';
import type { ProjectFolder } from './project-folder';

/** What answers come to: the files, as they are and as they would be. Writes nothing. */
export type Plan = (folder: ProjectFolder, answers: SetUpAnswers) => Promise<readonly FileChange[]>;

const { env, policy, trust } = SCAFFOLD_FILES;

/** Variables, permission policy and, where a role is assumed, its trust policy. */
export const planSetUp: Plan = (folder, answers) =>
  planFiles(folder, { ...answers, leastPrivilege: false }, [env, policy, trust]);

/** The variables alone, so that whom a trust policy would let in isn't asked. */
export const planVariables: Plan = async (folder, answers) => {
  const uri = vscode.Uri.joinPath(folder.uri, env);
  const before = await readCurrentText(uri);
  const text = removeVariables(before ?? '', unwanted(answers));
  const edits = mergeVariables(text, scaffoldVariables(scaffoldInput(folder, answers)));
  return [{ uri, before, after: applyEdits(text, edits) }];
};

export const planPermissionPolicy: Plan = (folder, answers) =>
  planFiles(folder, { ...answers, accessMode: 'workload-identity' }, [policy]);

export const planTrustPolicy: Plan = async (folder, { deploymentRoles }) => {
  const uri = vscode.Uri.joinPath(folder.uri, trust);
  return [{ uri, before: await readCurrentText(uri), after: formatPolicy(buildTrustPolicy({ deploymentRoles })) }];
};

async function planFiles(
  folder: ProjectFolder,
  answers: SetUpAnswers,
  names: readonly ScaffoldFileName[],
): Promise<readonly FileChange[]> {
  const before = new Map<string, string>();
  for (const name of names) {
    const text = await readCurrentText(vscode.Uri.joinPath(folder.uri, name));
    if (text !== undefined) before.set(name, text);
  }
  const existing = new Map(before);
  const envText = existing.get(env);
  if (envText !== undefined) existing.set(env, removeVariables(envText, unwanted(answers)));
  return planScaffold(scaffoldInput(folder, answers), existing)
    .filter(file => names.includes(file.name))
    .map(file => ({
      uri: vscode.Uri.joinPath(folder.uri, file.name),
      before: before.get(file.name),
      after: file.text,
    }));
}

/** The answers as the scaffold takes them. */
function scaffoldInput(folder: ProjectFolder, answers: SetUpAnswers): ScaffoldInput {
  const { accessMode: mode = 'workload-identity', bucket = '', region, roleArn, deploymentRoles } = answers;
  return {
    mode,
    bucket,
    prefix: answers.folder ?? `logs/${folder.name}`,
    leastPrivilege: answers.leastPrivilege,
    ...(region ? { region } : {}),
    ...(mode === 'assume-role' ? { roleArn, deploymentRoles } : {}),
  };
}

/** Variables that would say something else than the answers, which leave them out. */
function unwanted({ accessMode, region }: SetUpAnswers): readonly ExportKey[] {
  const keys: ExportKey[] = [];
  if (accessMode === 'workload-identity') keys.push(EXPORT_KEYS.roleArn);
  if (region === null) keys.push(EXPORT_KEYS.region);
  return keys;
}

/** Takes the lines of some variables out of an env file; everything else stays byte for byte. */
function removeVariables(text: string, keys: readonly string[]): string {
  const document = parseEnvDocument(text);
  const lines = document.lines.filter(line => line.entry !== undefined && keys.includes(line.entry.key));
  return applyEdits(
    text,
    lines.map(line => ({ range: { start: line.start, end: line.next }, newText: '' })),
  );
}
