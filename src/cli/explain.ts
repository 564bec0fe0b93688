import path from 'node:path';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import type { AuthorizationRequest, Decision, RequestContext, RequestPrincipal } from '../core/iam/decision';
import { evaluate, evaluateTrust } from '../core/iam/evaluate';
import { type NormalPolicy, type PolicyGrammar, parsePolicyText } from '../core/iam/parse-policy';
import { parsePrincipal, principalContext } from '../core/iam/principals';
import { missingSides } from '../core/iam/sides';
import { LineIndex } from '../core/text/line-index';
import { readTextFile } from '../jobs/read-text-file';
import type { Command, CommandIo, OptionValues } from './command';

const USAGE =
  '--policy F --action s3:PutObject --resource ARN [--principal ARN] [--context KEY=VALUE …] [--resource-policy F]' +
  ' [--resource-account N] [--boundary F] [--session-policy F] | --trust F --principal ARN [--context KEY=VALUE …]';

interface Explained extends Decision {
  /** Sentences on the side that doesn't allow a request across accounts. */
  readonly missing?: readonly string[];
}

/** A principal in the resource's account of whom nothing else is known. */
const UNNAMED: RequestPrincipal = { arn: '', account: '' };

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Says whether policies allow a request, and which statement decides.',
  usage: USAGE,
  options: {
    policy: { type: 'string' },
    trust: { type: 'string' },
    action: { type: 'string' },
    resource: { type: 'string' },
    principal: { type: 'string' },
    context: { type: 'string', multiple: true },
    'resource-policy': { type: 'string' },
    'resource-account': { type: 'string' },
    boundary: { type: 'string' },
    'session-policy': { type: 'string' },
  },
  async run({ values, positionals }, io) {
    if (positionals.length > 0) throw usageError(t('explain takes options only, not {0}', positionals[0] as string));
    const isTrust = values.trust !== undefined;
    if (isTrust === (values.policy !== undefined)) throw usageError(t('explain needs either --policy or --trust'));
    const decision = isTrust ? await explainTrust(values, io) : await explainPolicy(values, io);
    for (const sentence of decision.missing ?? []) io.stderr(`${sentence}\n`);
    await io.stdout(values.format === 'json' ? printJson(decision) : printText(decision));
    return decision.decision === 'allowed' ? 0 : 1;
  },
};

async function explainPolicy(values: OptionValues, io: CommandIo): Promise<Explained> {
  const principal = values.principal === undefined ? UNNAMED : readPrincipal(values);
  const request: AuthorizationRequest = {
    action: readAction(required(values, 'action')),
    resource: readResource(required(values, 'resource')),
    principal,
    resourceAccount: readAccount(values),
    context: readContext(values, principal),
  };
  if (request.resourceAccount !== undefined && principal === UNNAMED) required(values, 'principal');
  const session = await readPolicy(values, 'session-policy', 'identity', io);
  // The resource policy of a role is its trust.
  const resourceGrammar = /^sts:assumerole/i.test(request.action) ? 'trust' : 'resource';
  const decision = evaluate(request, {
    identity: [(await readPolicy(values, 'policy', 'identity', io)) as NormalPolicy],
    resource: await readPolicy(values, 'resource-policy', resourceGrammar, io),
    boundary: await readPolicy(values, 'boundary', 'identity', io),
    session: session && [session],
  });
  return { ...decision, missing: missingSides(request, decision) };
}

/** The resource's account, where it isn't the principal's: then both sides have to allow. */
function readAccount(values: OptionValues): string | undefined {
  const account = values['resource-account'];
  if (account === undefined || /^\d{12}$/.test(String(account))) return account as string | undefined;
  throw usageError(t('--resource-account is not an account id of 12 digits: {0}', String(account)));
}

async function explainTrust(values: OptionValues, io: CommandIo): Promise<Explained> {
  for (const name of ['resource', 'resource-policy', 'resource-account', 'boundary', 'session-policy']) {
    if (values[name] !== undefined) throw usageError(t('{0} has no meaning with --trust', `--${name}`));
  }
  required(values, 'principal');
  const principal = readPrincipal(values);
  const action = values.action === undefined ? assumptionBy(principal) : readAction(String(values.action));
  const trust = (await readPolicy(values, 'trust', 'trust', io)) as NormalPolicy;
  return evaluateTrust({ action, resource: '*', principal, context: readContext(values, principal) }, trust);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
function assumptionBy({ federated }: RequestPrincipal): string {
  if (federated === undefined) return 'sts:AssumeRole';
  return federated.includes(':saml-provider/') ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity';
}

function readPrincipal(values: OptionValues): RequestPrincipal {
  const text = String(values.principal);
  const principal = parsePrincipal(text);
  if (principal) return principal;
  throw usageError(t('--principal is not the ARN of a user, role, session, account or identity provider: {0}', text));
}

function readAction(text: string): string {
  if (/^[\w-]+:\w+$/.test(text)) return text;
  throw usageError(t('--action is not of the form s3:PutObject: {0}', text));
}

function readResource(text: string): string {
  if (text === '*' || /^arn:([^:]*:){4}./s.test(text)) return text;
  throw usageError(t('--resource is not an ARN: {0}', text));
}

/** A key that is given several times has several values. */
function readContext(values: OptionValues, principal: RequestPrincipal): RequestContext {
  const given = new Map<string, string[]>();
  for (const pair of (values.context ?? []) as readonly string[]) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw usageError(t('--context is not of the form KEY=VALUE: {0}', pair));
    const key = pair.slice(0, equals).toLowerCase();
    given.set(key, [...(given.get(key) ?? []), pair.slice(equals + 1)]);
  }
  const assumed: RequestContext = { ...principalContext(principal), 'aws:CurrentTime': new Date().toISOString() };
  const context: Record<string, string | readonly string[]> = Object.fromEntries(given);
  for (const [key, value] of Object.entries(assumed)) if (!given.has(key.toLowerCase())) context[key] = value;
  return context;
}

async function readPolicy(
  values: OptionValues,
  option: string,
  grammar: PolicyGrammar,
  io: CommandIo,
): Promise<NormalPolicy | undefined> {
  if (values[option] === undefined) return undefined;
  const file = String(values[option]);
  const text = await readTextFile(path.resolve(io.cwd, file));
  const { document, problems } = parsePolicyText(text, grammar);
  const lines = new LineIndex(text);
  const place = (offset: number) => {
    const { line, character } = lines.positionAt(offset);
    return `${file}:${line + 1}:${character + 1}`;
  };
  for (const { message, range } of problems) {
    if (document) io.stderr(`${t('{0}: IAM refuses this policy: {1}', place(range.start), message)}\n`);
  }
  if (document) return document;
  const [problem] = problems.filter(({ isClear }) => !isClear);
  throw new ExportError(
    'unreadable',
    t('{0}: not a policy that IAM takes: {1}', place(problem?.range.start ?? 0), problem?.message ?? ''),
    t('Correct the file, or let scaffold write one.'),
  );
}

function required(values: OptionValues, name: string): string {
  const value = values[name];
  if (value === undefined) throw usageError(t('explain needs {0}', `--${name}`));
  return String(value);
}

function usageError(message: string): ExportError {
  return new ExportError('usage', message, t('Usage: {0}', `astro-log-export explain ${USAGE}`));
}

/** `policy` is added where there are several, since an index counts within its own. */
function printJson({ decision, statements }: Decision): string {
  const isOne = new Set(statements.map(({ policy }) => policy)).size <= 1;
  const shown = statements.map(({ policy, sid, index, effect, matched, why }) => ({
    ...(isOne ? {} : { policy }),
    sid,
    index,
    effect,
    matched,
    why,
  }));
  return `${JSON.stringify({ decision, statements: shown })}\n`;
}

function printText({ decision, decidedBy, statements }: Decision): string {
  const lines = statements.map(({ policy, sid, index, effect, matched, why }) => {
    const name = sid ? `${index} ${sid}` : `${index}`;
    return `${matched ? '*' : ' '} ${policy} ${name} ${effect}: ${why}\n`;
  });
  return `${decision} (${decidedBy})\n${lines.join('')}`;
}
