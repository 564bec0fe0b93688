import { describe, expect, it } from 'vitest';
import { completeDeployment } from '../../../src/core/assist/complete-deployment';
import { completeEnv } from '../../../src/core/assist/complete-env';
import type { CompletionList, KnownValues } from '../../../src/core/assist/completion';
import { EXPORT_KEYS, KEY_PREFIX } from '../../../src/core/export-settings';

const KNOWN: KnownValues = {
  folders: [{ value: 's3://my-bucket/logs', detail: 'policy.json' }],
  roles: [{ value: 'arn:aws:iam::123456789012:role/x', detail: '.env' }],
};

/** Completes where the text has a `|`, which is taken out; proposals as their labels. */
function complete(
  marked: string,
  by: (text: string, offset: number, known: KnownValues) => CompletionList | undefined = completeEnv,
): { labels: string[]; texts: string[]; replaced: string } | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const list = by(text, offset, KNOWN);
  return (
    list && {
      labels: list.proposals.map(each => each.label),
      texts: list.proposals.map(each => each.newText),
      replaced: text.slice(list.range.start, list.range.end),
    }
  );
}

describe('completion of names in an env file', () => {
  it('proposes the variables that the file lacks, with an equals sign', () => {
    const found = complete(`${EXPORT_KEYS.enabled}=true\n|\n`);
    expect(found?.labels).toEqual([EXPORT_KEYS.baseLogFolder, EXPORT_KEYS.roleArn, EXPORT_KEYS.region]);
    expect(found?.texts[2]).toBe(`${EXPORT_KEYS.region}=`);
  });

  it.each([
    ['AIRF|', 'AIRF'],
    ['A=1\n  AIRFLOW__AS|', 'AIRFLOW__AS'],
    ['export AIR|', 'AIR'],
    ['REG|ION', 'REGION'],
  ])('replaces what is typed: %s', (text, replaced) => {
    const found = complete(text);
    expect(found?.replaced).toBe(replaced);
    expect(found?.labels).toHaveLength(4);
  });

  it('leaves the equals sign alone that stands there already', () => {
    const found = complete('AIRFLOW__R|=us-east-1\n');
    expect(found?.replaced).toBe('AIRFLOW__R');
    expect(found?.texts).toContain(EXPORT_KEYS.region);
  });

  it.each(['# AIR|', `${EXPORT_KEYS.region}|=`, 'OTHER=tr|ue', `${EXPORT_KEYS.region}: |`])('is silent at %s', text => {
    expect(complete(text)).toBeUndefined();
  });
});

describe('completion of values in an env file', () => {
  it('proposes booleans', () => {
    expect(complete(`${EXPORT_KEYS.enabled}=|`)?.texts).toEqual(['true', 'false']);
  });

  it('proposes regions, which are found by their names too', () => {
    const list = completeEnv(`${EXPORT_KEYS.region}=`, EXPORT_KEYS.region.length + 1, KNOWN);
    const frankfurt = list?.proposals.find(each => each.newText === 'eu-central-1');
    expect(frankfurt).toMatchObject({ label: 'eu-central-1', detail: 'Europe (Frankfurt)' });
    expect(frankfurt?.filter).toContain('Frankfurt');
  });

  it('proposes folders and roles that other files name', () => {
    expect(complete(`${EXPORT_KEYS.baseLogFolder}=s3:|`)).toMatchObject({
      texts: ['s3://my-bucket/logs'],
      replaced: 's3:',
    });
    expect(complete(`${EXPORT_KEYS.roleArn}=|`)?.texts).toEqual(['arn:aws:iam::123456789012:role/x']);
  });

  it('replaces the value alone, not its quotes nor a comment', () => {
    expect(complete(`${EXPORT_KEYS.enabled}="ye|s" # on`)?.replaced).toBe('yes');
    expect(complete(`${EXPORT_KEYS.enabled}=ye|s # on`)?.replaced).toBe('yes');
    expect(complete(`${EXPORT_KEYS.enabled}=yes # o|n`)).toBeUndefined();
    expect(complete(`${EXPORT_KEYS.enabled} = |`)?.replaced).toBe('');
  });
});

describe('completion in a deployment file', () => {
  const yaml = (variable: string) =>
    `deployment:\n  environment_variables:\n${variable}  configuration:\n    name: x\n`;
  const inYaml = (variable: string) => complete(yaml(variable), completeDeployment);

  it('proposes names that no other variable has', () => {
    const found = inYaml(`    - key: ${EXPORT_KEYS.enabled}\n      value: "true"\n    - key: AIR|\n      value:\n`);
    expect(found?.replaced).toBe('AIR');
    expect(found?.texts).toEqual([EXPORT_KEYS.baseLogFolder, EXPORT_KEYS.roleArn, EXPORT_KEYS.region]);
  });

  it('quotes a boolean, which YAML would not take for a string', () => {
    expect(inYaml(`    - key: ${EXPORT_KEYS.enabled}\n      value: |\n`)?.texts).toEqual(['"true"', '"false"']);
    expect(inYaml(`    - key: ${EXPORT_KEYS.enabled}\n      value: "|"\n`)?.texts).toEqual(['true', 'false']);
  });

  it.each([
    `    - is_secret: false\n      key: ${EXPORT_KEYS.roleArn}\n      value: |\n`,
    `    - value: |\n      key: ${EXPORT_KEYS.roleArn}\n`,
    `    - key: "${EXPORT_KEYS.roleArn}"\n      is_secret: false\n      value: "|"\n`,
    `    - key: ${EXPORT_KEYS.region}\n      value: x\n    - key: ${EXPORT_KEYS.roleArn}\n      value: |\n`,
  ])('finds the name beside the value: %j', variable => {
    expect(inYaml(variable)?.texts).toEqual(['arn:aws:iam::123456789012:role/x']);
  });

  it.each([
    `    - key: OTHER\n      value: |\n    - key: ${EXPORT_KEYS.roleArn}\n      value: x\n`,
    `    - key: ${EXPORT_KEYS.roleArn}\n      val|ue: x\n`,
    '    - |\n',
  ])('is silent elsewhere: %j', variable => {
    expect(inYaml(variable)).toBeUndefined();
  });

  it('keeps to the line in a file with CRLF', () => {
    const text = yaml(`    - key: ${EXPORT_KEYS.region}\n      value: eu|\n`).replaceAll('\n', '\r\n');
    expect(complete(text, completeDeployment)?.replaced).toBe('eu');
  });
});

it('names all variables by their whole names', () => {
  for (const label of complete('|')?.labels ?? []) expect(label.startsWith(KEY_PREFIX)).toBe(true);
});
