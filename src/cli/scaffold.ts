import path from 'node:path';
import { t } from '@vscode/l10n';
import { knownRegion } from '../core/aws-names';
import { ExportError } from '../core/export-error';
import { describePermissionScope } from '../core/iam/permission-scope';
import { keyStatementFor, writeScaffold } from '../jobs/scaffold';
import { findScaffoldProblems, RENDERINGS, type Rendering, type ScaffoldInput } from '../jobs/scaffold-input';
import type { Command, CommandIo, OptionValues } from './command';

const USAGE =
  '--bucket B --prefix P --mode workload-identity|assume-role [--region R] [--role-arn A] [--deployment-role A …]' +
  ' [--least-privilege] [--kms-key A] [--external-id X] [--bucket-account N]' +
  ' [--oidc-issuer U --oidc-account N --namespace NS] [--out DIR] [--as json|terraform|cloudformation|aws-cli]';

/** The option that gives each answer. */
const OPTION_OF: Readonly<Record<keyof ScaffoldInput, string>> = {
  bucket: '--bucket',
  prefix: '--prefix',
  mode: '--mode',
  region: '--region',
  roleArn: '--role-arn',
  deploymentRoles: '--deployment-role',
  leastPrivilege: '--least-privilege',
  kmsKey: '--kms-key',
  externalId: '--external-id',
  bucketAccount: '--bucket-account',
  oidcIssuer: '--oidc-issuer',
  oidcAccount: '--oidc-account',
  namespace: '--namespace',
  rendering: '--as',
};

export const scaffoldCommand: Command = {
  name: 'scaffold',
  summary: 'Writes the policies and variables of an export.',
  usage: USAGE,
  options: {
    bucket: { type: 'string' },
    prefix: { type: 'string' },
    mode: { type: 'string' },
    region: { type: 'string' },
    'role-arn': { type: 'string' },
    'deployment-role': { type: 'string', multiple: true },
    'least-privilege': { type: 'boolean' },
    'kms-key': { type: 'string' },
    'external-id': { type: 'string' },
    'bucket-account': { type: 'string' },
    'oidc-issuer': { type: 'string' },
    'oidc-account': { type: 'string' },
    namespace: { type: 'string' },
    out: { type: 'string' },
    as: { type: 'string' },
  },
  async run({ values, positionals }, io) {
    if (positionals.length > 0) throw usageError(t('scaffold takes options only, not {0}', positionals[0] as string));
    const input = readInput(values);
    const [problem] = findScaffoldProblems(input);
    if (problem) throw usageError(t('{0}: {1}', OPTION_OF[problem.field], problem.message));

    const out = text(values, 'out') ?? '.';
    if (out === '') throw usageError(t('{0} is empty.', '--out'));
    const result = await writeScaffold(path.resolve(io.cwd, out), input);
    const shown = (file: string) => path.join(out, path.basename(file));
    const written = result.written.map(shown);
    const unchanged = result.unchanged.map(shown);
    for (const file of result.kept.map(shown)) io.stderr(`${t('What was there before is kept in {0}', file)}\n`);
    for (const key of result.leftOver) {
      io.stderr(`${t('{0} stays as it was and still counts: {1}', shown('.env'), key)}\n`);
    }
    advise(input, io);
    await io.stdout(
      values.format === 'json'
        ? `${JSON.stringify({ written, unchanged })}\n`
        : [
            ...written.map(file => `written    ${file}\n`),
            ...unchanged.map(file => `unchanged  ${file}\n`),
            `${describePermissionScope(input)}\n`,
          ].join(''),
    );
    return 0;
  },
};

function readInput(values: OptionValues): ScaffoldInput {
  const mode = required(values, 'mode');
  if (mode !== 'workload-identity' && mode !== 'assume-role') {
    throw usageError(t('{0} takes workload-identity or assume-role, not {1}', '--mode', mode));
  }
  const rendering = text(values, 'as');
  if (rendering !== undefined && !RENDERINGS.includes(rendering as Rendering)) {
    throw usageError(t('{0} takes {1}, not {2}', '--as', RENDERINGS.join(', '), rendering));
  }
  return {
    bucket: required(values, 'bucket'),
    prefix: required(values, 'prefix'),
    mode,
    region: text(values, 'region'),
    roleArn: text(values, 'role-arn'),
    deploymentRoles: values['deployment-role'] as readonly string[] | undefined,
    leastPrivilege: values['least-privilege'] === true,
    kmsKey: text(values, 'kms-key'),
    externalId: text(values, 'external-id'),
    bucketAccount: text(values, 'bucket-account'),
    oidcIssuer: text(values, 'oidc-issuer'),
    oidcAccount: text(values, 'oidc-account'),
    namespace: text(values, 'namespace'),
    rendering: rendering as Rendering | undefined,
  };
}

function text(values: OptionValues, name: string): string | undefined {
  return values[name] as string | undefined;
}

function required(values: OptionValues, name: string): string {
  const value = text(values, name);
  if (value === undefined) throw usageError(t('scaffold needs {0}', `--${name}`));
  return value;
}

function usageError(message: string): ExportError {
  return new ExportError('usage', message, t('Usage: {0}', `astro-log-export scaffold ${USAGE}`));
}

/** What the files alone don't tell. */
function advise(input: ScaffoldInput, io: CommandIo): void {
  const { region, externalId } = input;
  if (region !== undefined && !knownRegion(region)) {
    io.stderr(`${t('--region: no region of this name is known, though there may be one by now: {0}', region)}\n`);
  }
  if (externalId !== undefined) {
    io.stderr(`${t("--external-id: Astro's documentation knows no external id; if none is sent, nobody gets in.")}\n`);
  }
  const keyStatement = keyStatementFor(input);
  if (keyStatement) {
    const statement = JSON.stringify(keyStatement, null, 2);
    io.stderr(
      `${t('--kms-key: the key is in another account, so its own policy needs this statement:\n{0}', statement)}\n`,
    );
  }
}
