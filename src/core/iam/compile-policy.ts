import { t } from '@vscode/l10n';
import { type ConditionTest, compileCondition } from './conditions';
import { compileGlob, compileResourceGlob, type Glob, matchesGlob, type PatternPart } from './match';
import type { OneOrMany, PolicyDocument, PolicyPrincipal, PolicyStatement } from './policy';
import { type ContextLookup, parseTemplate, resolveTemplate, type Template } from './policy-variables';

/** A statement made ready to be asked often. Each test tells why it fails, or undefined where it holds. */
export interface CompiledStatement {
  readonly sid: string | null;
  readonly effect: 'Allow' | 'Deny';
  readonly principal?: PolicyPrincipal;
  readonly notPrincipal?: PolicyPrincipal;
  testAction(lowerAction: string, action: string): string | undefined;
  testResource(resource: string, lookup: ContextLookup, mayBeAbsent: boolean): string | undefined;
  readonly testCondition: ConditionTest;
}

export interface CompiledPolicy {
  readonly statements: readonly CompiledStatement[];
}

const compiled = new WeakMap<PolicyDocument, CompiledPolicy>();

/** Compiles a policy once; documents are taken never to change. */
export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  let policy = compiled.get(document);
  if (!policy) {
    policy = {
      statements: toArray(document.Statement).map(statement => compileStatement(statement, document.Version)),
    };
    compiled.set(document, policy);
  }
  return policy;
}

function compileStatement(statement: PolicyStatement, version: string | undefined): CompiledStatement {
  return {
    sid: statement.Sid ?? null,
    effect: statement.Effect,
    principal: statement.Principal,
    notPrincipal: statement.NotPrincipal,
    testAction: compileAction(statement),
    testResource: compileResource(statement, version),
    testCondition: compileCondition(statement.Condition, version),
  };
}

/**
 * Actions compare without regard to case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
function compileAction({ Action, NotAction }: PolicyStatement): CompiledStatement['testAction'] {
  const element = Action ?? NotAction;
  if (element === undefined) return () => t('The statement has no Action.');
  const globs = toArray(element).map(text => compileGlob([{ text: text.toLowerCase(), wild: true }]));
  const covers = (lowerAction: string) => globs.some(glob => matchesGlob(glob, lowerAction));
  return Action !== undefined
    ? (lowerAction, action) => (covers(lowerAction) ? undefined : t('Action does not cover {0}.', action))
    : (lowerAction, action) => (covers(lowerAction) ? t('NotAction excepts {0}.', action) : undefined);
}

interface CompiledResource {
  readonly template: Template;
  /** Present where the resource has no variables. */
  readonly glob?: Glob;
}

/**
 * A variable without value keeps Resource and NotResource alike from matching anything.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
function compileResource(
  { Resource, NotResource }: PolicyStatement,
  version: string | undefined,
): CompiledStatement['testResource'] {
  const element = Resource ?? NotResource;
  if (element === undefined) {
    return (_resource, _lookup, mayBeAbsent) => (mayBeAbsent ? undefined : t('The statement has no Resource.'));
  }
  const entries = toArray(element).map(text => compileOneResource(text, version));
  return (resource, lookup) => {
    let unresolved: string | undefined;
    const isCovered = entries.some(({ template, glob }) => {
      if (glob) return matchesGlob(glob, resource);
      const resolved = resolveTemplate(template, lookup);
      unresolved ??= resolved.unresolved;
      return resolved.parts !== undefined && matchesGlob(compileResourceGlob(resolved.parts), resource);
    });
    if (Resource === undefined) {
      if (isCovered) return t('NotResource excepts {0}.', resource);
      return unresolved && t('NotResource matches no resource: the request has no value for {0}.', unresolved);
    }
    if (isCovered) return undefined;
    if (unresolved === undefined) return t('Resource does not cover {0}.', resource);
    return t('Resource does not cover {0}: the request has no value for {1}.', resource, unresolved);
  };
}

/** Variables count only after the fifth colon: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse */
function compileOneResource(text: string, version: string | undefined): CompiledResource {
  const template = parseTemplate(text, version, afterFifthColon(text));
  if (template.hasVariables) return { template };
  return { template, glob: compileResourceGlob(template.parts as readonly PatternPart[]) };
}

function afterFifthColon(text: string): number {
  let at = -1;
  for (let i = 0; i < 5; i++) {
    at = text.indexOf(':', at + 1);
    if (at === -1) return text.length;
  }
  return at + 1;
}

function toArray<T>(value: OneOrMany<T>): readonly T[] {
  return (Array.isArray(value) ? value : [value]) as readonly T[];
}
