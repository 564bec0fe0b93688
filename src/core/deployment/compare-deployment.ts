import { t } from '@vscode/l10n';
import { readKey } from '../env/key-reading';
import { parseAirflowBoolean } from '../env/settings';
import { EXPORT_KEYS, type ExportKey, type ExportSettings } from '../export-settings';
import { maskSecrets } from '../text/mask-secrets';
import { showValue } from '../text/show-value';
import type { DeploymentFacts, DeploymentVariable } from './deployment-facts';

/** In what a Deployment and the files of its project differ. */
export interface Difference {
  readonly kind:
    | 'missing'
    | 'different'
    | 'secret'
    | 'extra'
    | 'misspelt'
    | 'runtime'
    | 'identity'
    | 'remote-execution';
  readonly severity: 'error' | 'warning' | 'info';
  /** The setting that it is about; absent for what is no setting of the export. */
  readonly setting?: keyof ExportSettings;
  /** What the Deployment's side is called: a variable's key, the Runtime, the workload identity. */
  readonly subject: string;
  /** What either side says, as it may be shown; absent where it says nothing. */
  readonly inFile?: string;
  readonly inDeployment?: string;
  /** What follows from it. */
  readonly message: string;
  readonly nextStep: string;
}

/** What the files of the project say; absent is what they leave open. */
export interface ProjectFiles {
  readonly settings: ExportSettings;
  /** The Runtime that the Dockerfile or pyproject.toml names. */
  readonly runtimeVersion?: string;
  /** The roles that the trust policy beside the env file lets assume the export's role. */
  readonly trustedRoles: readonly string[];
}

/** In place of a value that Astro keeps to itself. */
const MASK = '***';

const SETTINGS = Object.keys(EXPORT_KEYS) as (keyof ExportSettings)[];

/** Compares what the Deployment has with what the project's files say; empty where they agree. */
export function compareDeployment(facts: DeploymentFacts, files: ProjectFiles): Difference[] {
  return [
    ...SETTINGS.flatMap(setting => compareVariable(facts, setting, files.settings[setting]) ?? []),
    ...misspeltVariables(facts),
    ...compareRuntime(facts, files.runtimeVersion),
    ...compareIdentity(facts, files),
    ...(facts.isRemoteExecution
      ? [
          {
            kind: 'remote-execution',
            severity: 'info',
            subject: facts.name,
            message: t('This Deployment runs its tasks remotely; whether the export reaches those is not known.'),
            nextStep: t('Ask Astronomer Support, or use the log settings of Remote Execution.'),
          } as const,
        ]
      : []),
  ];
}

/** Whether two values of a setting mean the same to the export. */
export function isSameSetting(setting: keyof ExportSettings, a: string, b: string): boolean {
  if (a === b) return true;
  if (setting === 'enabled') {
    const meaning = parseAirflowBoolean(a);
    return meaning !== undefined && meaning === parseAirflowBoolean(b);
  }
  return setting === 'baseLogFolder' && a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}

/** A value as others may see it: what gives access is taken out, even where it doesn't belong. */
function shown(value: string): string {
  return showValue(maskSecrets(value));
}

function compareVariable(
  facts: DeploymentFacts,
  setting: keyof ExportSettings,
  wanted: string | undefined,
): Difference | undefined {
  const key = EXPORT_KEYS[setting];
  const had = facts.variables.get(key);
  const push = t('Push the variables to the Deployment.');
  if (wanted === undefined) return had && extraVariable(setting, key, had);
  if (!had) {
    return {
      kind: 'missing',
      severity: 'error',
      setting,
      subject: key,
      inFile: shown(wanted),
      message: t('{0} has no {1}, so what the file says has no effect there.', facts.name, key),
      nextStep: push,
    };
  }
  if (had.value === null) {
    return {
      kind: 'secret',
      severity: 'info',
      setting,
      subject: key,
      inFile: shown(wanted),
      inDeployment: MASK,
      message: t('{0} is a secret of {1}: its value can not be compared.', key, facts.name),
      nextStep: t('None of these values is secret. To see it, delete the variable in Astro and create it anew.'),
    };
  }
  if (isSameSetting(setting, had.value, wanted)) return undefined;
  return {
    kind: 'different',
    severity: 'error',
    setting,
    subject: key,
    inFile: shown(wanted),
    inDeployment: shown(had.value),
    message: t('{0} has {1}={2}, the file says {3}', facts.name, key, shown(had.value), shown(wanted)),
    nextStep: push,
  };
}

function extraVariable(setting: keyof ExportSettings, key: ExportKey, had: DeploymentVariable): Difference {
  const value = had.value === null ? MASK : shown(had.value);
  return {
    kind: 'extra',
    severity: 'warning',
    setting,
    subject: key,
    inDeployment: value,
    message: t('The Deployment has {0}={1}, which the file does not have.', key, value),
    nextStep: t('Add it to the file, or delete it in Astro: the CLI can not delete a variable.'),
  };
}

/** Variables of the Deployment that were meant to be ours, and that nothing reads. */
function misspeltVariables(facts: DeploymentFacts): Difference[] {
  return [...facts.variables.keys()].flatMap(name => {
    const reading = readKey(name);
    if (!reading?.key || (reading.nearMiss === undefined && reading.numberLength === 0)) return [];
    return {
      kind: 'misspelt',
      severity: 'warning',
      subject: name,
      inDeployment: name,
      message: t('{0} has the variable {1}, which nothing reads; {2} is meant.', facts.name, name, reading.key),
      nextStep: t('Push the variables to the Deployment, then delete {0} in Astro.', name),
    } as const;
  });
}

function compareRuntime({ name, runtimeVersion }: DeploymentFacts, inFiles: string | undefined): Difference[] {
  if (runtimeVersion === undefined || inFiles === undefined || runtimeVersion === inFiles) return [];
  return [
    {
      kind: 'runtime',
      severity: 'warning',
      subject: runtimeVersion,
      inFile: inFiles,
      inDeployment: runtimeVersion,
      message: t('{0} runs Astro Runtime {1}, the project names {2}.', name, runtimeVersion, inFiles),
      nextStep: t('Run "astro deploy" to bring the project’s image to the Deployment.'),
    },
  ];
}

/** A role that the trust policy doesn't name can't assume the export's. */
function compareIdentity({ name, workloadIdentity }: DeploymentFacts, files: ProjectFiles): Difference[] {
  const { settings, trustedRoles } = files;
  if (workloadIdentity === undefined || !settings.roleArn || trustedRoles.length === 0) return [];
  if (trustedRoles.includes(workloadIdentity)) return [];
  return [
    {
      kind: 'identity',
      severity: 'error',
      setting: 'roleArn',
      subject: workloadIdentity,
      inFile: trustedRoles.join(', '),
      inDeployment: workloadIdentity,
      message: t('{0} runs as {1}, which the trust policy does not name.', name, workloadIdentity),
      nextStep: t('Name {0} as Principal of the trust policy of {1}.', workloadIdentity, settings.roleArn),
    },
  ];
}
