// Stands in for the Astro CLI: takes exactly the calls that the real one takes, and keeps its state in a file.
// ASTRO_STAND_IN names that file: {"isLoggedOut","cutsValues","hasNoIdentityFlag","calls":[],"variables":[],"workspace":[]}.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** @typedef {{ key: string, value: string, is_secret?: boolean }} Variable */
/** @typedef {{ id: string, identity: string, variables: Variable[], workspace: Variable[], calls: string[][], isLoggedOut?: boolean, cutsValues?: boolean, hasNoIdentityFlag?: boolean }} State */

const file = String(process.env.ASTRO_STAND_IN);
/** @type {State} */
const state = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(2);
state.calls.push(args);
save();

function save() {
  writeFileSync(file, JSON.stringify(state));
}

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`Error: ${message}\n`);
  process.exit(1);
}

/**
 * Takes flags out of the arguments; an unknown one ends the program, as cobra does.
 *
 * @param {readonly string[]} rest
 * @param {readonly string[]} withValue
 * @param {readonly string[]} [alone]
 * @returns {{ values: Record<string, unknown>, positionals: string[] }}
 */
function parse(rest, withValue, alone = []) {
  const flags = [
    ...withValue.map(name => [name, { type: 'string' }]),
    ...alone.map(name => [name, { type: 'boolean' }]),
  ];
  try {
    return parseArgs({ args: [...rest], options: Object.fromEntries(flags), allowPositionals: true });
  } catch (error) {
    return fail(`unknown flag: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {Variable[]} list @param {string} key @param {string} value */
function set(list, key, value) {
  const known = list.find(each => each.key === key);
  if (known) known.value = value;
  else list.push({ key, value, is_secret: false });
}

if (state.isLoggedOut) {
  fail('no context set, have you authenticated to Astro or Astro Private Cloud? Run astro login and try again');
}
const [group, command, action] = args;
if (group === 'deployment' && command === 'list' && args.length === 2) {
  process.stdout.write(
    ' NAME              NAMESPACE     CLUSTER     CLOUD PROVIDER     REGION        DEPLOYMENT ID                 RUNTIME VERSION\n',
  );
  process.stdout.write(
    ` Orders prod       N/A           N/A         AWS                us-east-1     ${state.id}     12.1.0 (based on Airflow 2.10.2)\n`,
  );
} else if (group === 'deployment' && command === 'inspect') {
  const alone = ['clean-output', ...(state.hasNoIdentityFlag ? [] : ['show-workload-identity'])];
  const { values, positionals } = parse(args.slice(2), ['output'], alone);
  if (values.output !== 'json' || positionals.length !== 1) fail(`unexpected arguments: ${args.join(' ')}`);
  if (positionals[0] !== state.id) fail(`the Deployment specified was not found in this Workspace`);
  process.stdout.write('A new version of the Astro CLI is available\n');
  const identity = values['show-workload-identity'] ? state.identity : '';
  const configuration = { name: 'Orders prod', runtime_version: '12.1.0', cloud_provider: 'AWS', region: 'us-east-1' };
  const deployment = {
    environment_variables: state.variables.map(({ key, value, is_secret }) => ({
      key,
      value: is_secret ? '' : value,
      is_secret,
    })),
    configuration: {
      ...configuration,
      executor: 'CELERY',
      workload_identity: identity,
      remote_execution: { enabled: false },
    },
    metadata: { deployment_id: state.id, workspace_id: 'w-1', release_name: 'N/A' },
  };
  process.stdout.write(`${JSON.stringify({ deployment }, null, 4)}\n`);
} else if (group === 'deployment' && command === 'variable' && action === 'update') {
  const { values, positionals } = parse(args.slice(3), ['deployment-id']);
  if (values['deployment-id'] !== state.id) fail('the Deployment specified was not found in this Workspace');
  if (positionals.length === 0) fail('no variable was given');
  for (const pair of positionals) {
    const [key, first, ...rest] = pair.split('=');
    if (!key || !first) fail(`Input ${pair} has blank key or value`);
    const value = state.cutsValues ? first : [first, ...rest].join('=');
    set(state.variables, key, value);
  }
  save();
  process.stdout.write(`\nUpdated list of your Deployment's variables:\n${JSON.stringify(state.variables)}\n`);
} else if (group === 'env' && command === 'variable' && action === 'list') {
  const { values } = parse(args.slice(3), ['format', 'workspace-id']);
  if (values.format !== 'json') fail('unexpected format');
  const objects = state.workspace.map(({ key, value }) => ({
    objectKey: key,
    environmentVariable: { value, isSecret: false },
  }));
  process.stdout.write(`${objects.length === 0 ? 'null' : JSON.stringify(objects, null, 2)}\n`);
} else if (group === 'env' && command === 'variable' && action === 'update') {
  const { values, positionals } = parse(args.slice(3), ['value', 'workspace-id']);
  const [key] = positionals;
  if (!key || positionals.length > 1 || typeof values.value !== 'string') fail('accepts 1 arg(s)');
  set(state.workspace, key, values.value);
  save();
  process.stdout.write(`Updated ${key}\n`);
} else {
  fail(`unknown command "${args.join(' ')}" for "astro"`);
}
