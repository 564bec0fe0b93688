import type { Check } from '../check';
import type { Difference } from '../deployment/compare-deployment';
import type { DeploymentFacts } from '../deployment/deployment-facts';
import { EXPORT_KEYS, type ExportKey, type ExportSettings } from '../export-settings';
import { maskSecrets } from '../text/mask-secrets';

export interface SupportReportInput {
  /** The file that holds the export. */
  readonly file: string;
  readonly settings: ExportSettings;
  /** Absent where the Deployment was not asked. */
  readonly deployment?: { readonly facts: DeploymentFacts; readonly differences: readonly Difference[] };
  /** Absent where the export was not verified. */
  readonly verification?: {
    readonly at: Date;
    readonly isSandbox: boolean;
    readonly identity: string | null;
    readonly verdict: string;
    readonly checks: readonly Check[];
  };
  /** The probe DAG's log, where it was seen in the bucket. */
  readonly arrival?: { readonly key: string; readonly at: Date; readonly waited: number; readonly isSandbox: boolean };
  /** Names and versions of what made the report. */
  readonly versions: Readonly<Record<string, string>>;
  readonly now: Date;
  /** Values that must not be in it, whatever they look like. */
  readonly secrets: readonly string[];
}

/**
 * A Markdown page for a ticket to Astronomer Support: the Deployment's id, the variables, the checks and what they said.
 * In English whatever the interface's language, since others read it. Holds no secret.
 */
export function supportReport(input: SupportReportInput): string {
  const { file, deployment, verification } = input;
  const sections = [
    '# Task logs do not reach the S3 bucket: support report',
    `Made on ${input.now.toISOString()} by ${input.versions['Airflow Log Export for Astro (S3)'] ?? 'the extension'}.`,
    '## Deployment',
    deployment ? deploymentTable(deployment.facts) : 'The Deployment was not asked. Its id: *fill in*',
    '## Variables',
    variablesTable(input),
    ...(deployment && deployment.differences.length > 0
      ? ['Differences:', deployment.differences.map(each => `- ${each.severity}: ${each.message}`).join('\n')]
      : []),
    '## Checks',
    verification
      ? [
          `Run ${verification.at.toISOString()} from ${file} as ${code(verification.identity ?? 'unknown')}` +
            `${verification.isSandbox ? ' **against a sandbox, not AWS**' : ''}: ${verification.verdict}`,
          checksTable(verification.checks),
        ].join('\n\n')
      : 'The export was not verified.',
    ...(input.arrival ? [arrivalWords(input.arrival)] : []),
    '## Versions',
    table(['What', 'Version'], Object.entries(input.versions)),
  ];
  return maskSecrets(`${sections.join('\n\n')}\n`, input.secrets);
}

function deploymentTable(facts: DeploymentFacts): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Deployment ID', facts.id],
    ['Name', facts.name],
    ['Workspace ID', facts.workspaceId],
    ['Astro Runtime', facts.runtimeVersion],
    ['Executor', facts.executor],
    ['Cloud and region', [facts.cloudProvider, facts.region].filter(Boolean).join(' ') || undefined],
    ['Workload identity', facts.workloadIdentity],
    ['Remote Execution', facts.isRemoteExecution ? 'yes' : 'no'],
  ];
  return table(
    ['', ''],
    rows.map(([name, value]) => [name, value === undefined ? 'not told' : code(value)]),
  );
}

function arrivalWords({ key, at, waited, isSandbox }: NonNullable<SupportReportInput['arrival']>): string {
  const where = isSandbox ? '**a sandbox, not AWS**' : 'the bucket';
  return `The log of a probe DAG arrived in ${where}: ${code(key)}, written ${at.toISOString()}, found after ${Math.round(waited / 1000)} s.`;
}

function variablesTable({ settings, deployment, file }: SupportReportInput): string {
  const rows = (Object.entries(EXPORT_KEYS) as [keyof ExportSettings, ExportKey][]).map(([setting, key]) => {
    const inFile = settings[setting];
    const there = deployment?.facts.variables.get(key);
    const inDeployment = !deployment
      ? 'not asked'
      : there === undefined
        ? 'not set'
        : there.value === null
          ? 'a secret'
          : code(there.value);
    return [code(key), inFile === undefined ? 'not set' : code(inFile), inDeployment];
  });
  return table(['Variable', file, 'Deployment'], rows);
}

function checksTable(checks: readonly Check[]): string {
  const rows = checks.map(({ id, status, proof, as, message, causes, nextStep }) => [
    id,
    status,
    proof ?? '',
    as === null ? '' : code(as),
    [message, causes.length > 0 ? `Causes: ${causes.join(', ')}.` : '', nextStep ?? ''].filter(Boolean).join(' '),
  ]);
  return table(['Check', 'State', 'Proof', 'As', 'What it said'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One cell of a table: no line break, no bar. */
function cell(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').replaceAll('|', '\\|');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
