import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { TextRange } from '../text/text-range';
import { isConditionOperator } from './conditions';
import type { PolicyDocument, PolicyStatement } from './policy';

/** What a policy is attached to: an identity (boundaries and session policies too), a resource, or a role as its trust. */
export type PolicyGrammar = 'identity' | 'resource' | 'trust';

/** One reason why IAM refuses a policy. */
interface PolicyProblem {
  /** In IAM's own words (`MalformedPolicyDocument`) where they are known. */
  readonly message: string;
  readonly range: TextRange;
  /** Whether it is clear all the same what the policy means. */
  readonly isClear: boolean;
}

/** A document whose statements are always a list, and whatever IAM would refuse in it. */
export interface ParsedPolicy {
  /** Absent where a problem leaves open what the policy means. */
  readonly document?: NormalPolicy;
  readonly problems: readonly PolicyProblem[];
}

export interface NormalPolicy extends PolicyDocument {
  readonly Statement: readonly PolicyStatement[];
}

/**
 * Parses a policy as strictly as IAM: JSON without comments, trailing commas or repeated keys, and the grammar of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. Doesn't look at sizes.
 */
export function parsePolicyText(text: string, grammar: PolicyGrammar = 'identity'): ParsedPolicy {
  const problems: PolicyProblem[] = [];
  const root = parseStrictly(text, problems);
  if (root) checkDocument(root, grammar, problems);
  if (problems.some(problem => !problem.isClear)) return { problems };
  const document = JSON.parse(text) as PolicyDocument;
  const { Statement } = document;
  return { document: { ...document, Statement: Array.isArray(Statement) ? Statement : [Statement] }, problems };
}

const SYNTAX = 'Syntax errors in policy.';

function parseStrictly(text: string, problems: PolicyProblem[]): Node | undefined {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    if (errors.length === 0) JSON.parse(text);
  } catch {
    errors.push({ error: 1, offset: 0, length: Math.min(1, text.length) });
  }
  for (const { offset, length } of errors) {
    problems.push({ message: SYNTAX, range: { start: offset, end: offset + length }, isClear: false });
  }
  if (errors.length === 0 && root === undefined) {
    problems.push({ message: SYNTAX, range: { start: 0, end: text.length }, isClear: false });
  }
  return errors.length === 0 ? root : undefined;
}

/** Notes a problem of a node; `isClear` where the policy's meaning stays plain. */
type Report = (node: Node, message: string, isClear?: boolean) => void;

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement'];
/** The elements of a statement: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const STATEMENT_ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

function checkDocument(root: Node, grammar: PolicyGrammar, problems: PolicyProblem[]): void {
  const report: Report = ({ offset, length }, message, isClear = false) => {
    problems.push({ message, range: { start: offset, end: offset + length }, isClear });
  };
  if (root.type !== 'object') {
    report(root, SYNTAX);
    return;
  }
  const elements = membersOf(root, report, DOCUMENT_ELEMENTS);
  const version = elements.get('Version');
  if (version && version.value !== '2012-10-17' && version.value !== '2008-10-17') {
    report(version, 'The policy must contain a valid version string.');
  }
  const id = elements.get('Id');
  if (id && id.type !== 'string') report(id, SYNTAX);
  const statement = elements.get('Statement');
  if (!statement) {
    report(root, 'Missing required field Statement');
    return;
  }
  const statements = statement.type === 'array' ? (statement.children ?? []) : [statement];
  if (statements.length === 0) report(statement, 'Statement is empty!', true);
  const sids = new Set<unknown>();
  for (const node of statements) checkStatement(node, grammar, report, sids);
}

function checkStatement(node: Node, grammar: PolicyGrammar, report: Report, sids: Set<unknown>): void {
  if (node.type !== 'object') {
    report(node, SYNTAX);
    return;
  }
  const elements = membersOf(node, report, STATEMENT_ELEMENTS);
  checkSid(elements.get('Sid'), grammar, report, sids);

  const effect = elements.get('Effect');
  if (!effect) report(node, 'Missing required field Effect');
  else if (effect.value !== 'Allow' && effect.value !== 'Deny') report(effect, `Invalid effect: ${effect.value}`);

  const action = oneOf(node, elements, 'Action', 'NotAction', report);
  if (action) checkActions(action, grammar, report);
  else
    report(node, grammar === 'identity' ? 'Policy statement must contain actions.' : 'Missing required field Action');

  checkResource(node, elements, grammar, report);
  checkPrincipal(node, elements, grammar, report);
  const condition = elements.get('Condition');
  if (condition) checkCondition(condition, report);
}

/** The members of an object by name; notes unknown and repeated ones. */
function membersOf(node: Node, report: Report, known?: readonly string[]): Map<string, Node> {
  const members = new Map<string, Node>();
  for (const property of node.children ?? []) {
    const [keyNode, value] = property.children ?? [];
    if (!keyNode || !value) continue;
    const key = String(keyNode.value);
    if (known && !known.includes(key)) report(keyNode, `Unknown field ${key}`);
    else if (members.has(key)) report(keyNode, `Duplicate field ${key}`);
    else members.set(key, value);
  }
  return members;
}

function oneOf(node: Node, elements: Map<string, Node>, plain: string, negated: string, report: Report) {
  const found = elements.get(plain);
  const other = elements.get(negated);
  if (found && other) report(node, `Statement contains both ${plain} and ${negated}`);
  return found ?? other;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function checkSid(sid: Node | undefined, grammar: PolicyGrammar, report: Report, sids: Set<unknown>): void {
  if (!sid) return;
  if (sid.type !== 'string') {
    report(sid, SYNTAX);
    return;
  }
  if (grammar !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid.value)) {
    const message = 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression';
    report(sid, `${message} [0-9A-Za-z]*`, true);
  }
  if (sid.value !== '' && sids.has(sid.value)) {
    report(sid, 'Statement IDs (SID) in a single policy must be unique.', true);
  }
  sids.add(sid.value);
}

function checkActions(node: Node, grammar: PolicyGrammar, report: Report): void {
  for (const action of stringsOf(node, report)) {
    const text = String(action.value);
    if (text !== '*' && !/^[\w-]+:.+$/.test(text)) {
      report(action, 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.', true);
    } else if (grammar === 'trust' && !/^(\*|sts:.*)$/i.test(text)) {
      report(action, 'AssumeRole policy may only specify STS AssumeRole actions.', true);
    }
  }
}

function checkResource(node: Node, elements: Map<string, Node>, grammar: PolicyGrammar, report: Report): void {
  const resource = oneOf(node, elements, 'Resource', 'NotResource', report);
  if (grammar === 'trust') {
    if (resource) report(resource, `Has prohibited field ${elements.has('Resource') ? 'Resource' : 'NotResource'}`);
    return;
  }
  if (!resource) {
    const message = 'Missing required field Resource';
    report(node, grammar === 'identity' ? 'Policy statement must contain resources.' : message);
    return;
  }
  for (const { value, offset, length, type } of stringsOf(resource, report)) {
    if (value === '*' || /^arn:[^:]*:[^:]*:/.test(value) || /^arn:.*\*$/.test(value)) continue;
    report({ offset, length, type }, `Resource ${value} must be in ARN format or "*".`, true);
  }
}

const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

function checkPrincipal(node: Node, elements: Map<string, Node>, grammar: PolicyGrammar, report: Report): void {
  const principal = oneOf(node, elements, 'Principal', 'NotPrincipal', report);
  if (grammar === 'identity') {
    if (principal) report(principal, 'Policy document should not specify a principal.');
    return;
  }
  if (!principal) {
    report(node, 'Missing required field Principal');
    return;
  }
  if (principal.value === '*') return;
  if (principal.type !== 'object') {
    report(principal, 'Invalid principal in policy.');
    return;
  }
  for (const [kind, names] of membersOf(principal, report, PRINCIPAL_KINDS)) {
    for (const name of stringsOf(names, report)) {
      if (kind !== 'AWS' || isAwsPrincipal(String(name.value))) continue;
      report(name, `Invalid principal in policy: "AWS":"${name.value}"`, true);
    }
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function isAwsPrincipal(text: string): boolean {
  if (text === '*' || /^\d{12}$/.test(text) || /^A[A-Z]{3}[A-Z0-9]{16,}$/.test(text)) return true;
  if (/^arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)\/[^*?]+)$/.test(text)) return true;
  return /^arn:aws[a-z-]*:sts::\d{12}:(assumed-role\/[^*?/]+\/[^*?/]+|federated-user\/[^*?/]+)$/.test(text);
}

function checkCondition(condition: Node, report: Report): void {
  if (condition.type !== 'object') {
    report(condition, SYNTAX);
    return;
  }
  for (const [operator, keys] of membersOf(condition, report)) {
    if (!isConditionOperator(operator)) report(keys, `Invalid Condition type : ${operator}.`);
    else if (keys.type !== 'object') report(keys, SYNTAX);
    else {
      for (const value of membersOf(keys, report).values()) {
        const values = value.type === 'array' ? (value.children ?? []) : [value];
        for (const one of values) {
          if (!['string', 'number', 'boolean'].includes(one.type)) report(one, SYNTAX);
        }
      }
    }
  }
}

/** The strings of a string or a list of them. */
function stringsOf(node: Node, report: Report): readonly Node[] {
  const nodes = node.type === 'array' ? (node.children ?? []) : [node];
  return nodes.filter(one => {
    if (one.type !== 'string') report(one, SYNTAX);
    return one.type === 'string';
  });
}
