// The main job on a copy of the sample project, in front of the reader: the command line against the sandbox.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { root, sampleLogs, sampleProject } from './paths.mjs';
import { runCommandLine, startSandbox } from './sandbox.mjs';
import { indent, StepError, step } from './steps.mjs';

/** @import { RunningSandbox } from './sandbox.mjs' */

/** As much of a command's output as a reader wants to see; `ls` says more. */
const MAX_LINES = 16;

const COMMON_ANSWERS = ['--bucket', 'acme-airflow-logs', '--prefix', 'sample-astro', '--region', 'us-east-1'];

/** What `scaffold` is told for each access mode; the Deployment's role is the one that the sandbox makes. */
const SCAFFOLD_ANSWERS = {
  'workload-identity': [...COMMON_ANSWERS, '--mode', 'workload-identity'],
  'assume-role': [
    ...COMMON_ANSWERS,
    ...['--mode', 'assume-role'],
    ...['--role-arn', 'arn:aws:iam::222233334444:role/astro-task-logs'],
    ...['--deployment-role', 'arn:aws:iam::111122223333:role/astro-deployment-role'],
  ],
};

/**
 * Scaffolds, lints, verifies as the Deployment's role, uploads and lists. The sandbox is left running.
 *
 * @param {keyof typeof SCAFFOLD_ANSWERS} mode
 * @param {string} parentDir where the copy of the project goes
 * @returns {Promise<{ project: string, sandbox: RunningSandbox }>}
 */
export async function doMainJob(mode, parentDir) {
  const project = path.join(parentDir, `sample-astro-${mode}`);
  cpSync(sampleProject, project, { recursive: true });

  /** @type {RunningSandbox | undefined} */
  let sandbox;
  /** @param {string[]} args */
  const run = async (...args) => {
    console.log(`  $ astro-log-export ${args.join(' ').replace(root, '…')}`);
    const { code, stdout, stderr } = await runCommandLine(args, { cwd: project, env: sandbox?.env });
    const output = `${stdout}${stderr}`;
    if (code !== 0) throw new StepError(`${output.trimEnd()}\n(exit code ${code})`);
    if (output.trim() !== '') console.log(indent(output, MAX_LINES));
    return stdout;
  };

  await step(`${mode}: write the variables and policies`, () => run('scaffold', ...SCAFFOLD_ANSWERS[mode]));
  await step(`${mode}: lint the project`, () => run('lint'));
  sandbox = await step(`${mode}: start the sandbox with that bucket, those roles and policies`, async () => {
    const started = await startSandbox(project);
    console.log(`  S3, STS and IAM answer at ${started.endpoint}`);
    return started;
  });
  await step(`${mode}: verify the export as the Deployment's role`, () => run('verify'));
  await step(`${mode}: upload the sample logs`, () => run('upload', sampleLogs));
  await step(`${mode}: list what has arrived`, async () => {
    if ((await run('ls')).trim() === '') throw new StepError('The bucket holds no task log.');
  });
  return { project, sandbox };
}
