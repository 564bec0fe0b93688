import type { PatternPart } from './match';

interface Variable {
  readonly key: string;
  readonly fallback?: string;
}

type TemplatePart = PatternPart | Variable;

/** A value of a policy with its `${…}` taken apart. */
export interface Template {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
  readonly hasVariables: boolean;
}

/** The value of a context key, in lower case; undefined where the request doesn't hold it. */
export type ContextLookup = (key: string) => readonly string[] | undefined;

const VARIABLE = /\$\{([^},]*)(?:,\s*'([^']*)'\s*)?\}/gu;

/**
 * Takes a policy's value apart. Variables exist only in Version 2012-10-17; before it `${…}` is plain text.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * `from`: the offset from which variables count (in a resource the one after the fifth colon).
 */
export function parseTemplate(source: string, version: string | undefined, from = 0): Template {
  if (version !== '2012-10-17' || !source.includes('${', from)) {
    return { source, parts: [{ text: source, wild: true }], hasVariables: false };
  }
  const parts: TemplatePart[] = [];
  let at = 0;
  let hasVariables = false;
  for (const match of source.matchAll(VARIABLE)) {
    if (match.index < from) continue;
    if (match.index > at) parts.push({ text: source.slice(at, match.index), wild: true });
    at = match.index + match[0].length;
    const name = (match[1] as string).trim();
    if (name === '*' || name === '?' || name === '$') parts.push({ text: name, wild: false });
    else {
      parts.push({ key: name, fallback: match[2] });
      hasVariables = true;
    }
  }
  if (at < source.length) parts.push({ text: source.slice(at), wild: true });
  return { source, parts, hasVariables };
}

/** A template with its variables filled in, or the first variable that the request can't fill. */
export type Resolved =
  | { readonly parts: readonly PatternPart[]; readonly unresolved?: undefined }
  | { readonly parts?: undefined; readonly unresolved: string };

/**
 * Fills in the variables. What a variable stands for is taken as it is: a `*` in it is no wildcard. A key that is
 * missing, empty or multivalued has no value, and nothing is equal to or like it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
export function resolveTemplate(template: Template, lookup: ContextLookup): Resolved {
  const parts: PatternPart[] = [];
  for (const part of template.parts) {
    if (!('key' in part)) {
      parts.push(part);
      continue;
    }
    const values = lookup(part.key.toLowerCase());
    const value = values?.length === 1 && values[0] !== '' ? values[0] : part.fallback;
    if (value === undefined) return { unresolved: `\${${part.key}}` };
    parts.push({ text: value, wild: false });
  }
  return { parts };
}

/** The text of a filled-in template, for operators that know no wildcards. */
export function textOf(parts: readonly PatternPart[]): string {
  return parts.length === 1 ? (parts[0] as PatternPart).text : parts.map(part => part.text).join('');
}
