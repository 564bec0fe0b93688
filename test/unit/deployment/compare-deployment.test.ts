import { describe, expect, it } from 'vitest';
import { compareDeployment, type ProjectFiles } from '../../../src/core/deployment/compare-deployment';
import { parseInspection } from '../../../src/core/deployment/deployment-facts';
import { EXPORT_KEYS } from '../../../src/core/export-settings';

const ROLE = 'arn:aws:iam::123456789012:role/SecondaryS3LoggerRole';
const IDENTITY = 'arn:aws:iam::111122223333:role/astro-orders';
const FILES: ProjectFiles = {
  settings: { enabled: 'true', baseLogFolder: 's3://my-bucket/logs', roleArn: ROLE },
  runtimeVersion: '12.1.0',
  trustedRoles: [IDENTITY],
};
const SAME = {
  [EXPORT_KEYS.enabled]: 'True',
  [EXPORT_KEYS.baseLogFolder]: 's3://my-bucket/logs/',
  [EXPORT_KEYS.roleArn]: ROLE,
};

function facts(variables: Readonly<Record<string, string | null>>, more: object = {}) {
  const list = Object.entries(variables).map(([key, value]) => ({
    key,
    value: value ?? '',
    is_secret: value === null,
  }));
  const configuration = { name: 'Orders', runtime_version: '12.1.0', workload_identity: IDENTITY, ...more };
  const metadata = { deployment_id: 'cm0', workspace_id: 'w' };
  return parseInspection(JSON.stringify({ deployment: { environment_variables: list, configuration, metadata } }));
}

const compare = (...args: Parameters<typeof facts>) =>
  compareDeployment(facts(...args), FILES).map(({ kind, severity, setting }) =>
    `${severity} ${kind} ${setting ?? ''}`.trim(),
  );

describe('comparing a Deployment with the files', () => {
  it('finds nothing where both mean the same', () => {
    expect(compare(SAME)).toEqual([]);
  });

  it('names what is missing, different, secret and more', () => {
    const variables = { [EXPORT_KEYS.enabled]: null, [EXPORT_KEYS.baseLogFolder]: 's3://other/logs' };
    expect(compare({ ...variables, [EXPORT_KEYS.region]: 'eu-west-1' })).toEqual([
      'info secret enabled',
      'error different baseLogFolder',
      'error missing roleArn',
      'warning extra region',
    ]);
  });

  it('finds a variable of the Deployment that is misspelt', () => {
    expect(compare({ ...SAME, AIRFLOW__ASTRO_SECONDARY_LOG__REGION: 'eu-west-1' })).toEqual(['warning misspelt']);
    expect(compare({ ...SAME, AIRFLOW__LOGGING__LEVEL: 'INFO' })).toEqual([]);
  });

  it('finds another Runtime, and an identity that the trust policy does not name', () => {
    const workload_identity = 'arn:aws:iam::111122223333:role/astro-other';
    expect(compare(SAME, { runtime_version: '11.3.0', workload_identity })).toEqual([
      'warning runtime',
      'error identity roleArn',
    ]);
  });

  it('does not judge what Astro does not tell', () => {
    expect(compare(SAME, { runtime_version: '', workload_identity: '' })).toEqual([]);
  });

  it('tells of Remote Execution', () => {
    expect(compare(SAME, { remote_execution: { enabled: true } })).toEqual(['info remote-execution']);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"deployment":{}}',
    'No Deployments found',
    '{"deployment":{"metadata":{"deployment_id":""}}}',
  ])('refuses what is no Deployment: %s', output => {
    expect(() => parseInspection(output)).toThrow(/printed no/);
  });
});
