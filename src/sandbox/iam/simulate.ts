import type { Decision, PolicyKind, RequestContext, RequestPrincipal, StatementTrace } from '../../core/iam/decision';
import { evaluate } from '../../core/iam/evaluate';
import type { PolicyDocument } from '../../core/iam/policy';
import type { Constraint } from '../constraints';
import type { PolicyRecord, RoleRecord, UserRecord } from '../identity-records';
import { policyRecord } from '../policy-record';
import { statementsOf } from '../principal-binding';
import { members, type QueryCall, type QueryOperation, type QueryParams } from '../query-service';
import { ServiceError } from '../service';
import { elements, type XmlElement } from '../xml';
import { accountOf, authorize, type IamContext, noSuchEntity } from './iam-call';
import { PAGING, POLICY_ARN } from './iam-params';
import { pageOf } from './paging';
import { statementPosition } from './statement-position';

const SIMULATION_PARAMS: Readonly<Record<string, Constraint>> = {
  ...PAGING,
  ActionNames: { kind: 'list', isRequired: true },
  ResourceArns: { kind: 'list' },
  PolicyInputList: { kind: 'list' },
  PermissionsBoundaryPolicyInputList: { kind: 'list' },
  ResourcePolicy: { min: 1, max: 131_072 },
  ResourceOwner: { min: 1, max: 2048 },
  CallerArn: { min: 1, max: 2048 },
  ContextEntries: { kind: 'list' },
};

/** A policy with the name by which results refer to it. */
interface NamedPolicy {
  readonly id: string;
  readonly policy: PolicyRecord;
}

interface Simulation {
  readonly principal: RequestPrincipal;
  readonly identity: readonly NamedPolicy[];
  readonly boundary: NamedPolicy | undefined;
  readonly resourcePolicy: NamedPolicy | undefined;
  readonly resourceAccount: string | undefined;
  readonly context: RequestContext;
}

/**
 * Asks the policies of a user or a role what they would say. As in AWS a bucket policy isn't looked up: it is what
 * `ResourcePolicy` holds, and for a role nothing.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
const simulatePrincipalPolicy: QueryOperation<IamContext> = {
  params: { ...SIMULATION_PARAMS, PolicySourceArn: POLICY_ARN },
  run(call, context) {
    const { params } = call;
    const { store } = context;
    const arn = params.text('PolicySourceArn');
    authorize(call, { arn, text: arn });
    const source = sourceOf(call, context, arn);
    if (source.kind === 'role' && params.get('ResourcePolicy') !== undefined) {
      throw invalidInput("Simulation of resource-based policies isn't supported for IAM roles.");
    }
    const named = (id: string, policyArn: string): NamedPolicy[] => {
      const policy = store.findPolicy(policyArn);
      const version = policy?.versions.get(policy.defaultVersionId);
      return version ? [{ id: id === '' ? (policy?.name ?? '') : id, policy: version.policy }] : [];
    };
    const own: NamedPolicy[] = [
      ...[...source.inline].map(([name, policy]) => ({ id: `${source.kind}_${source.name}_${name}`, policy })),
      ...[...source.attached].flatMap(policyArn => named('', policyArn)),
    ];
    const ownBoundary = source.boundaryArn === undefined ? undefined : named('', source.boundaryArn)[0];
    return simulate(call, {
      principal: principalOf(params.get('CallerArn') ?? arn, source.account),
      identity: [...own, ...inputPolicies(params, 'PolicyInputList')],
      boundary: inputPolicies(params, 'PermissionsBoundaryPolicyInputList')[0] ?? ownBoundary,
      ...resourceSide(params),
      context: {
        ...principalContext(source),
        ...contextEntries(params),
      },
    });
  },
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html */
const simulateCustomPolicy: QueryOperation<IamContext> = {
  params: { ...SIMULATION_PARAMS, PolicyInputList: { kind: 'list', isRequired: true } },
  run(call, context) {
    const { params } = call;
    authorize(call, { arn: '*', text: '*' });
    const { id, partition } = accountOf(call, context);
    return simulate(call, {
      principal: principalOf(params.get('CallerArn') ?? `arn:${partition}:iam::${id}:user/simulated`, id),
      identity: inputPolicies(params, 'PolicyInputList'),
      boundary: inputPolicies(params, 'PermissionsBoundaryPolicyInputList')[0],
      ...resourceSide(params),
      context: contextEntries(params),
    });
  },
};

export const SIMULATION_OPERATIONS = {
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
  SimulateCustomPolicy: simulateCustomPolicy,
};

function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInput', 400, message);
}

function sourceOf(call: QueryCall, context: IamContext, arn: string): RoleRecord | UserRecord {
  const { id } = accountOf(call, context);
  const [, account, kind, name] = /^arn:[^:]+:iam::(\d{12}):(role|user)\/(?:.+\/)?([^/]+)$/.exec(arn) ?? [];
  if (kind === undefined || account !== id) {
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  }
  const source = kind === 'role' ? context.store.findRoleByArn(arn) : context.store.findUserByArn(arn);
  if (!source) throw noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
  return source;
}

function principalOf(arn: string, account: string): RequestPrincipal {
  return { arn, account: /^arn:[^:]+:iam::(\d{12}):/.exec(arn)?.[1] ?? account };
}

function principalContext({ arn, account, kind, name, id, tags }: RoleRecord | UserRecord): RequestContext {
  return {
    'aws:PrincipalArn': arn,
    'aws:PrincipalAccount': account,
    'aws:PrincipalType': kind === 'role' ? 'AssumedRole' : 'User',
    ...(kind === 'user' && { 'aws:username': name, 'aws:userid': id }),
    ...Object.fromEntries([...tags].map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}

function inputPolicies(params: QueryParams, name: string): NamedPolicy[] {
  return params.list(name).map((text, i) => ({ id: `${name}.${i + 1}`, policy: policyRecord(text, 'identity') }));
}

function resourceSide(params: QueryParams): Pick<Simulation, 'resourcePolicy' | 'resourceAccount'> {
  const text = params.get('ResourcePolicy');
  const owner = params.get('ResourceOwner');
  return {
    resourcePolicy: text === undefined ? undefined : { id: 'ResourcePolicy', policy: policyRecord(text, 'resource') },
    resourceAccount: owner === undefined ? undefined : (/\d{12}/.exec(owner)?.[0] ?? undefined),
  };
}

function contextEntries(params: QueryParams): RequestContext {
  return Object.fromEntries(
    params.members('ContextEntries').map(entry => {
      const values = entry.list('ContextKeyValues');
      const isList = /List$/.test(entry.get('ContextKeyType') ?? '');
      return [entry.text('ContextKeyName'), isList || values.length !== 1 ? values : values[0]!];
    }),
  );
}

function simulate({ params }: QueryCall, simulation: Simulation): XmlElement[] {
  const actions = params.list('ActionNames');
  const wrong = actions.find(action => !/^[\w-]+:[\w*?]+$/.test(action) && action !== '*');
  if (wrong !== undefined) throw invalidInput(`Invalid action name: ${wrong}`);
  const resources = params.list('ResourceArns');
  const questions = actions.flatMap(action =>
    (resources.length === 0 ? ['*'] : resources).map(resource => ({ action, resource })),
  );
  const places = new Map(questions.map((question, i) => [question, String(i).padStart(6, '0')]));
  const { page, marker } = pageOf(params, questions, question => places.get(question)!);
  return elements({
    EvaluationResults: members(page.map(question => resultOf(question, simulation))),
    IsTruncated: marker !== undefined,
    Marker: marker,
  });
}

function resultOf({ action, resource }: { action: string; resource: string }, simulation: Simulation): XmlElement[] {
  const { principal, identity, boundary, resourcePolicy, resourceAccount, context } = simulation;
  const request = { action, resource, principal, context, ...(resourceAccount !== undefined && { resourceAccount }) };
  const decision = evaluate(request, {
    identity: identity.map(({ policy }) => policy.document),
    ...(boundary && { boundary: boundary.policy.document }),
    ...(resourcePolicy && { resource: resourcePolicy.policy.document }),
  });
  const boundaryAllows = boundary && evaluate(request, { identity: [boundary.policy.document] }).decision === 'allowed';
  const sameForBoth = {
    MatchedStatements: members(decidingStatements(decision).map(trace => statementElements(trace, simulation))),
    MissingContextValues: members(missingKeys(simulation)),
    PermissionsBoundaryDecisionDetail:
      boundaryAllows === undefined ? undefined : elements({ AllowedByPermissionsBoundary: boundaryAllows }),
  };
  return elements({
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: decision.decision,
    ...sameForBoth,
    ResourceSpecificResults: members([
      elements({ EvalResourceName: resource, EvalResourceDecision: decision.decision, ...sameForBoth }),
    ]),
  });
}

function decidingStatements({ decision, statements }: Decision): readonly StatementTrace[] {
  if (decision === 'implicitDeny') return [];
  const effect = decision === 'allowed' ? 'Allow' : 'Deny';
  return statements.filter(one => one.matched && one.effect === effect);
}

function statementElements({ policy, policyIndex, index }: StatementTrace, simulation: Simulation): XmlElement[] {
  const named = policyOf(policy, policyIndex, simulation);
  const position = named && statementPosition(named.policy.text, index);
  return elements({
    SourcePolicyId: named?.id,
    SourcePolicyType: policy === 'resource' ? 'Resource Policy' : 'IAM Policy',
    StartPosition: position && elements({ Line: position.start.line, Column: position.start.column }),
    EndPosition: position && elements({ Line: position.end.line, Column: position.end.column }),
  });
}

function policyOf(kind: PolicyKind, index: number, simulation: Simulation): NamedPolicy | undefined {
  if (kind === 'identity') return simulation.identity[index];
  return kind === 'boundary' ? simulation.boundary : simulation.resourcePolicy;
}

/** Condition keys that the policies ask for and nobody gave. */
function missingKeys({ identity, boundary, resourcePolicy, context }: Simulation): string[] {
  const given = new Set(Object.keys(context).map(key => key.toLowerCase()));
  const asked = [...identity, boundary, resourcePolicy].flatMap(named => (named ? keysOf(named.policy.document) : []));
  return [...new Set(asked)].filter(key => !given.has(key.toLowerCase()));
}

function keysOf(document: PolicyDocument): string[] {
  return statementsOf(document).flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
}
