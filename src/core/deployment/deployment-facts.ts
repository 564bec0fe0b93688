import { t } from '@vscode/l10n';
import { ExportError } from '../export-error';

/** One environment variable as Astro tells it. */
export interface DeploymentVariable {
  /** Null for a secret, whose value Astro never tells again. */
  readonly value: string | null;
  readonly isSecret: boolean;
}

/** What Astro says of one Deployment. */
export interface DeploymentFacts {
  readonly id: string;
  readonly name: string;
  readonly workspaceId?: string;
  readonly runtimeVersion?: string;
  readonly cloudProvider?: string;
  readonly region?: string;
  readonly executor?: string;
  /** The ARN of the role that the Deployment runs as, where Astro tells it. */
  readonly workloadIdentity?: string;
  readonly isRemoteExecution: boolean;
  /** By key; those that come from the Workspace's environment manager aren't among them. */
  readonly variables: ReadonlyMap<string, DeploymentVariable>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads what `astro deployment inspect --output json` prints; lines before the JSON (a hint at a newer version) are
 * left out. Throws an {@link ExportError} `unreadable` where there is no Deployment in it.
 * Its fields: https://www.astronomer.io/docs/astro/cli/astro-deployment-inspect
 */
export function parseInspection(output: string): DeploymentFacts {
  const root = parseJsonAfterNotes(output);
  const deployment = objectOf(objectOf(root)?.deployment);
  const configuration = objectOf(deployment?.configuration) ?? {};
  const metadata = objectOf(deployment?.metadata) ?? {};
  const id = textOf(metadata.deployment_id);
  if (!deployment || id === undefined) {
    throw new ExportError(
      'unreadable',
      t('The Astro CLI printed no Deployment.'),
      t('Run "astro deployment list" to see which Deployments you may read.'),
    );
  }
  const remote = configuration.remote_execution;
  return {
    id,
    name: textOf(configuration.name) ?? id,
    workspaceId: textOf(metadata.workspace_id),
    runtimeVersion: textOf(configuration.runtime_version),
    cloudProvider: textOf(configuration.cloud_provider),
    region: textOf(configuration.region),
    executor: textOf(configuration.executor),
    // Older versions of the CLI print it among the metadata.
    workloadIdentity: textOf(configuration.workload_identity) ?? textOf(metadata.workload_identity),
    isRemoteExecution: remote === true || objectOf(remote)?.enabled === true,
    variables: variablesOf(deployment.environment_variables, each => ({
      key: each.key,
      value: each.value,
      isSecret: each.is_secret,
    })),
  };
}

/** Reads what `astro env variable list --format json` prints: the variables of the environment manager. */
export function parseEnvironmentObjects(output: string): ReadonlyMap<string, DeploymentVariable> {
  // Without a variable it prints `null`.
  return variablesOf(parseJsonAfterNotes(output) ?? [], each => {
    const variable = objectOf(each.environmentVariable) ?? {};
    return { key: each.objectKey, value: variable.value, isSecret: variable.isSecret };
  });
}

interface RawVariable {
  readonly key: unknown;
  readonly value: unknown;
  readonly isSecret: unknown;
}

function variablesOf(list: unknown, read: (each: Json) => RawVariable): Map<string, DeploymentVariable> {
  const variables = new Map<string, DeploymentVariable>();
  for (const each of Array.isArray(list) ? list : []) {
    const { key, value, isSecret } = read(objectOf(each) ?? {});
    if (typeof key !== 'string' || key === '') continue;
    const isHidden = isSecret === true;
    variables.set(key, { value: isHidden ? null : (textOf(value) ?? ''), isSecret: isHidden });
  }
  return variables;
}

function parseJsonAfterNotes(output: string): unknown {
  for (const match of output.matchAll(/^\s*(?=[[{]|null\s*$)/gm)) {
    try {
      return JSON.parse(output.slice(match.index)) as unknown;
    } catch {
      // The JSON begins further down.
    }
  }
  throw new ExportError(
    'unreadable',
    t('The Astro CLI printed no JSON.'),
    t('Update the Astro CLI ("astro version" tells which one this is), then try again.'),
  );
}

function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** A text that says something: the CLI prints "" and N/A for what it doesn't know. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'N/A' ? value : undefined;
}
