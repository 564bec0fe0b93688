import { parse as parseHcl } from '@cdktf/hcl2json';
import { yamlParse } from 'yaml-cfn';

type Blocks = Readonly<Record<string, Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>>>;

/** Terraform's parser prints `jsonencode(…)` as an expression: its argument is JSON but for HCL's escapes. */
function decodeExpression(value: unknown): unknown {
  const json = /^\$\{jsonencode\(([\s\S]*)\)\}$/.exec(String(value))?.[1];
  if (json === undefined) throw new Error(`not jsonencode: ${String(value)}`);
  return JSON.parse(json.replace(/([$%])\1(?=\{)/g, '$1'));
}

export async function readTerraform(text: string): Promise<{ policies: unknown[]; resources: Blocks }> {
  const { resource = {} } = (await parseHcl('main.tf', text)) as { resource?: Blocks };
  const policies = Object.values(resource)
    .flatMap(byLabel => Object.values(byLabel))
    .flat()
    .flatMap(({ policy, assume_role_policy }) => [policy, assume_role_policy])
    .filter(value => value !== undefined)
    .map(decodeExpression);
  return { policies, resources: resource };
}

interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export function readCloudFormation(text: string): { policies: unknown[]; resources: Record<string, TemplateResource> } {
  const { Resources } = yamlParse(text) as { Resources: Record<string, TemplateResource> };
  const policies = Object.values(Resources)
    .flatMap(({ Properties }) => [Properties.PolicyDocument, Properties.AssumeRolePolicyDocument])
    .filter(value => value !== undefined);
  return { policies, resources: Resources };
}

/** What lies in a parsed document at a path like `Rules.0.Id`; undefined where there is nothing. */
export function at(root: unknown, path: string): unknown {
  let value = root;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}
