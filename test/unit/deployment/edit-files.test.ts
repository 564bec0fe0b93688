import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { deploymentNameOf, editDeploymentFile } from '../../../src/core/deployment/edit-deployment-file';
import { editTerraform, managesDeployments } from '../../../src/core/deployment/edit-terraform';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import { applyEdits } from '../../../src/core/text/text-range';

const { enabled, baseLogFolder, region } = EXPORT_KEYS;
const VARIABLES = [
  { key: enabled, after: 'true' },
  { key: baseLogFolder, after: 's3://my-bucket/logs' },
];

const FILE = `# Orders
deployment:
    environment_variables:
        - is_secret: false
          key: COLOUR
          value: blue # kept
        - key: ${enabled}
          value: no
          is_secret: false

    configuration:
        name: Orders prod
        runtime_version: 12.1.0
`;

describe('a deployment file', () => {
  const edit = (text: string, variables: Parameters<typeof editDeploymentFile>[1] = VARIABLES) =>
    applyEdits(text, editDeploymentFile(text, variables));

  it('has the value replaced in place, and new variables behind the last, everything else as it was', () => {
    expect(edit(FILE)).toBe(
      FILE.replace('value: no', 'value: "true"').replace(
        '          is_secret: false\n\n',
        `          is_secret: false\n        - is_secret: false\n          key: ${baseLogFolder}\n          value: "s3://my-bucket/logs"\n\n`,
      ),
    );
  });

  it('keeps CRLF', () => {
    const text = edit(FILE.replaceAll('\n', '\r\n'));
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(parse(text)).toEqual(parse(edit(FILE)));
  });

  it.each([
    ['no list', 'deployment:\n  configuration:\n    name: a\n'],
    ['an empty list', 'deployment:\n  environment_variables:\n  configuration:\n    name: a\n'],
    ['no value', `deployment:\n  environment_variables:\n  - key: ${enabled}\n  configuration: {}\n`],
    [
      'an empty value',
      `deployment:\n  environment_variables:\n  - key: ${enabled}\n    value:\n    is_secret: false\n`,
    ],
    [
      'a block value',
      `deployment:\n  environment_variables:\n  - value: |-\n      no\n    key: ${enabled}\n  configuration: {}\n`,
    ],
    ['no line end at its end', `deployment:\n  environment_variables:\n  - key: A\n    value: b`],
    ['capitals', `Deployment:\n  Environment_Variables:\n  - Key: A\n    Value: b\n`],
    [
      'a comment behind the list',
      `deployment:\n  environment_variables:\n  - key: A\n    value: b\n  # about the rest\n  configuration: {}\n`,
    ],
  ])('with %s ends up with the variables', (_name, text) => {
    const deployment = Object.values(parse(edit(text)))[0] as Record<string, Record<string, string>[]>;
    const list = deployment.environment_variables ?? deployment.Environment_Variables ?? [];
    const values = new Map(list.map(each => [each.key ?? each.Key, each.value ?? each.Value]));
    expect(values.get(enabled)).toBe('true');
    expect(values.get(baseLogFolder)).toBe('s3://my-bucket/logs');
  });

  it('takes any value as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), after => {
        const list = parse(edit(FILE, [{ key: region, after }])).deployment.environment_variables;
        expect(list.at(-1)).toEqual({ is_secret: false, key: region, value: after });
      }),
    );
  });

  it.each([
    ['broken YAML', 'deployment: [\n'],
    ['a list in one line', 'deployment:\n  environment_variables: [{key: A, value: b}]\n'],
    ['another kind', 'services:\n  a: b\n'],
  ])('that is %s is not touched', (_name, text) => {
    expect(() => edit(text)).toThrow(/can not be edited safely/);
  });

  it('tells its name', () => {
    expect(deploymentNameOf(FILE)).toBe('Orders prod');
    expect(deploymentNameOf('a: b')).toBeUndefined();
  });
});

const TERRAFORM = `# resource "astro_deployment" "old" {
resource "astro_deployment" "orders" {
  name = "Orders { prod ]"
  environment_variables = [
    {
      key       = "${enabled}"
      value     = "false" # off for now
      is_secret = false
    },
    {
      key       = "COLOUR"
      value     = var.colour
      is_secret = true
    }
  ]
}
`;

describe('a Terraform file', () => {
  const edit = (text: string) => applyEdits(text, editTerraform(text, VARIABLES));

  it('has the value replaced in place, and new variables behind the last', () => {
    expect(edit(TERRAFORM)).toBe(
      TERRAFORM.replace('"false"', '"true"').replace(
        '      is_secret = true\n    }\n',
        `      is_secret = true\n    },\n    { key = "${baseLogFolder}", value = "s3://my-bucket/logs", is_secret = false },\n`,
      ),
    );
  });

  it('gets its first variables', () => {
    const text = 'resource "astro_deployment" "a" {\n  environment_variables = []\n}\n';
    expect(edit(text)).toBe(
      `resource "astro_deployment" "a" {\n  environment_variables = [\n    { key = "${enabled}", value = "true", is_secret = false },\n    { key = "${baseLogFolder}", value = "s3://my-bucket/logs", is_secret = false },\n  ]\n}\n`,
    );
  });

  it.each([
    ['two Deployments', `${TERRAFORM}${TERRAFORM}`],
    ['a list from elsewhere', 'resource "astro_deployment" "a" {\n  environment_variables = local.all\n}\n'],
    ['a value from elsewhere', TERRAFORM.replace('"false"', 'var.enabled')],
    ['no end', TERRAFORM.slice(0, -5)],
  ])('with %s is not touched', (_name, text) => {
    expect(() => edit(text)).toThrow(/can not be edited safely/);
  });

  it('manages Deployments where a resource says so, not where a comment does', () => {
    expect(managesDeployments(TERRAFORM)).toBe(true);
    expect(managesDeployments('# resource "astro_deployment" "a" {}\n')).toBe(false);
  });
});
