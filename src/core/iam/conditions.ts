import { t } from '@vscode/l10n';
import { bytesOf, decodeBase64, parseDate, parseNumber } from './condition-values';
import { isInRange, parseIpRange } from './ip-range';
import { compileGlob, type Glob, matchesGlob, type PatternPart, splitArn } from './match';
import type { PolicyCondition } from './policy';
import { type ContextLookup, parseTemplate, resolveTemplate, type Template, textOf } from './policy-variables';

/**
 * Whether one value of the request is what one value of the policy asks for; undefined where one of the two isn't of the
 * operator's type. Then neither the operator nor its negation holds: a number isn't unequal to a word.
 */
type Matcher = (requestValue: string) => boolean | undefined;

interface OperatorFamily {
  /** Makes a matcher of a policy's value. */
  readonly compile: (parts: readonly PatternPart[]) => Matcher;
  readonly takesVariables: boolean;
}

const incomparable: Matcher = () => undefined;

function ofText(compile: (text: string) => Matcher, takesVariables: boolean): OperatorFamily {
  return { compile: parts => compile(textOf(parts)), takesVariables };
}

function compared(
  parse: (text: string) => number,
  holds: (request: number, policy: number) => boolean,
): OperatorFamily {
  return ofText(text => {
    const policy = parse(text);
    if (Number.isNaN(policy)) return incomparable;
    return text => {
      const request = parse(text);
      return Number.isNaN(request) ? undefined : holds(request, policy);
    };
  }, false);
}

const EQUAL = (a: number, b: number) => a === b;
const LESS = (a: number, b: number) => a < b;
const LESS_OR_EQUAL = (a: number, b: number) => a <= b;
const GREATER = (a: number, b: number) => a > b;
const GREATER_OR_EQUAL = (a: number, b: number) => a >= b;

const STRING_EQUALS = ofText(text => request => request === text, true);
const STRING_EQUALS_IGNORE_CASE = ofText(text => {
  const lower = text.toLowerCase();
  return request => request.toLowerCase() === lower;
}, true);
const STRING_LIKE: OperatorFamily = {
  compile: parts => {
    const glob = compileGlob(parts);
    return request => matchesGlob(glob, request);
  },
  takesVariables: true,
};

/** ArnEquals and ArnLike are the same: each of the six parts is compared for itself, with wildcards. */
const ARN: OperatorFamily = { compile: compileArn, takesVariables: true };

function compileArn(parts: readonly PatternPart[]): Matcher {
  const globs: Glob[] = [];
  let current: PatternPart[] = [];
  for (const part of parts) {
    const pieces = part.text.split(':');
    pieces.forEach((piece, i) => {
      if (i > 0 && globs.length < 5) {
        globs.push(compileGlob(current));
        current = [];
      } else if (i > 0) current.push({ text: ':', wild: false });
      current.push({ text: piece, wild: part.wild });
    });
  }
  globs.push(compileGlob(current));
  if (globs.length !== 6) return incomparable;
  return request => splitArn(request)?.every((part, i) => matchesGlob(globs[i] as Glob, part));
}

const BOOL = ofText(text => {
  const wanted = text.toLowerCase();
  return wanted === 'true' || wanted === 'false' ? request => request.toLowerCase() === wanted : incomparable;
}, true);

/** The request's value counts as base64 too, or else as text. */
const BINARY_EQUALS = ofText(text => {
  const wanted = decodeBase64(text);
  return wanted === undefined
    ? incomparable
    : request => decodeBase64(request) === wanted || bytesOf(request) === wanted;
}, false);

const IP_ADDRESS = ofText(text => {
  const range = parseIpRange(text);
  if (!range) return incomparable;
  return request => {
    const address = parseIpRange(request);
    return address && isInRange(address, range);
  };
}, false);

interface Operator {
  readonly family: OperatorFamily;
  /** Matches when no value does, and when the key is missing. */
  readonly negated: boolean;
}

function operator(family: OperatorFamily, negated = false): Operator {
  return { family, negated };
}

/**
 * The operators but `Null`, by name in lower case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['stringequals', operator(STRING_EQUALS)],
  ['stringnotequals', operator(STRING_EQUALS, true)],
  ['stringequalsignorecase', operator(STRING_EQUALS_IGNORE_CASE)],
  ['stringnotequalsignorecase', operator(STRING_EQUALS_IGNORE_CASE, true)],
  ['stringlike', operator(STRING_LIKE)],
  ['stringnotlike', operator(STRING_LIKE, true)],
  ['arnequals', operator(ARN)],
  ['arnlike', operator(ARN)],
  ['arnnotequals', operator(ARN, true)],
  ['arnnotlike', operator(ARN, true)],
  ['bool', operator(BOOL)],
  ['binaryequals', operator(BINARY_EQUALS)],
  ['ipaddress', operator(IP_ADDRESS)],
  ['notipaddress', operator(IP_ADDRESS, true)],
  ['numericequals', operator(compared(parseNumber, EQUAL))],
  ['numericnotequals', operator(compared(parseNumber, EQUAL), true)],
  ['numericlessthan', operator(compared(parseNumber, LESS))],
  ['numericlessthanequals', operator(compared(parseNumber, LESS_OR_EQUAL))],
  ['numericgreaterthan', operator(compared(parseNumber, GREATER))],
  ['numericgreaterthanequals', operator(compared(parseNumber, GREATER_OR_EQUAL))],
  ['dateequals', operator(compared(parseDate, EQUAL))],
  ['datenotequals', operator(compared(parseDate, EQUAL), true)],
  ['datelessthan', operator(compared(parseDate, LESS))],
  ['datelessthanequals', operator(compared(parseDate, LESS_OR_EQUAL))],
  ['dategreaterthan', operator(compared(parseDate, GREATER))],
  ['dategreaterthanequals', operator(compared(parseDate, GREATER_OR_EQUAL))],
]);

interface OperatorName {
  readonly set: 'all' | 'any' | undefined;
  /** Undefined: an operator that IAM doesn't know. */
  readonly operator: Operator | 'null' | undefined;
  readonly ifExists: boolean;
}

/** Takes `ForAnyValue:StringLikeIfExists` apart. Names compare without regard to case. */
function parseOperatorName(name: string): OperatorName {
  const lower = name.toLowerCase();
  const set = lower.startsWith('forallvalues:') ? 'all' : lower.startsWith('foranyvalue:') ? 'any' : undefined;
  const qualified = set ? lower.slice(lower.indexOf(':') + 1) : lower;
  if (qualified === 'null') return { set, operator: set ? undefined : 'null', ifExists: false };
  const ifExists = qualified.endsWith('ifexists');
  return { set, operator: OPERATORS.get(ifExists ? qualified.slice(0, -8) : qualified), ifExists };
}

/** Whether IAM knows an operator of this name, with `ForAllValues:`, `ForAnyValue:` and `IfExists` where they may stand. */
export function isConditionOperator(name: string): boolean {
  return parseOperatorName(name).operator !== undefined;
}

/** Why a condition doesn't hold, or undefined where it does. */
export type ConditionTest = (lookup: ContextLookup) => string | undefined;

/**
 * Compiles a Condition element. All operators and all keys have to hold; of a key's values one is enough, for the
 * negated operators none may match.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function compileCondition(condition: PolicyCondition | undefined, version: string | undefined): ConditionTest {
  const tests: ConditionTest[] = [];
  for (const [name, keys] of Object.entries(condition ?? {})) {
    for (const [key, value] of Object.entries(keys)) {
      const values = (Array.isArray(value) ? value : [value]).map(String);
      tests.push(compileKey(name, key, values, version));
    }
  }
  return lookup => {
    for (const test of tests) {
      const why = test(lookup);
      if (why !== undefined) return why;
    }
    return undefined;
  };
}

function compileKey(name: string, key: string, values: readonly string[], version: string | undefined): ConditionTest {
  const { operator, set, ifExists } = parseOperatorName(name);
  if (operator === undefined) return () => t('IAM knows no condition operator {0}.', name);
  const lowerKey = key.toLowerCase();
  if (operator === 'null') return lookup => testNull(key, values, lookup(lowerKey));

  const { family, negated } = operator;
  const matchersOf = compileValues(family, values, version);
  return lookup => {
    const present = lookup(lowerKey) ?? [];
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    // The set operators look at values: without any, or only empty ones, ForAnyValue is false, also with IfExists, and
    // ForAllValues true.
    if (present.length === 0 || (set !== undefined && present.every(value => value === ''))) {
      if (set === 'all' || (set === undefined && (ifExists || negated))) return undefined;
      return t('{0} fails, because the request has no {1}.', name, key);
    }
    if (set === undefined && present.length > 1) {
      return t('{0} takes one value, and the request has {1} for {2}.', name, present.length, key);
    }
    const { matchers, unresolved } = matchersOf(lookup);
    const holds = (requestValue: string) =>
      negated
        ? matchers.every(matches => matches(requestValue) === false)
        : matchers.some(matches => matches(requestValue) === true);
    if (set === 'all' ? present.every(holds) : present.some(holds)) return undefined;
    return explainFailure(name, key, values, present, unresolved);
  };
}

interface Matchers {
  readonly matchers: readonly Matcher[];
  /** A variable without value, which matches nothing. */
  readonly unresolved?: string;
}

function compileValues(
  family: OperatorFamily,
  values: readonly string[],
  version: string | undefined,
): (lookup: ContextLookup) => Matchers {
  const templates = values.map(value => parseTemplate(value, family.takesVariables ? version : undefined));
  if (!templates.some(template => template.hasVariables)) {
    const matchers = templates.map(template => family.compile(template.parts as readonly PatternPart[]));
    return () => ({ matchers });
  }
  return lookup => fillIn(family, templates, lookup);
}

function fillIn(family: OperatorFamily, templates: readonly Template[], lookup: ContextLookup): Matchers {
  const matchers: Matcher[] = [];
  let unresolved: string | undefined;
  for (const template of templates) {
    const resolved = resolveTemplate(template, lookup);
    if (resolved.parts) matchers.push(family.compile(resolved.parts));
    else unresolved ??= resolved.unresolved;
  }
  return { matchers, unresolved };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null */
function testNull(key: string, wanted: readonly string[], present: readonly string[] | undefined): string | undefined {
  const isMissing = present === undefined || present.length === 0;
  if (wanted.some(value => value.toLowerCase() === String(isMissing))) return undefined;
  return isMissing
    ? t('Null fails, because the request has no {0}.', key)
    : t('Null fails, because the request has {0}.', key);
}

function explainFailure(
  name: string,
  key: string,
  values: readonly string[],
  present: readonly string[],
  unresolved: string | undefined,
): string {
  if (unresolved !== undefined) {
    return t('{0} on {1} fails, because the request has no value for {2}.', name, key, unresolved);
  }
  return t("{0} on {1} fails: the request's value is {2}, the policy's {3}.", name, key, quote(present), quote(values));
}

function quote(values: readonly string[]): string {
  return values.map(value => `"${value}"`).join(', ');
}
