import type { QueryParams } from './query-service';
import { ServiceError } from './service';

/** What AWS's service model says about one parameter. */
export interface Constraint {
  readonly isRequired?: boolean;
  /** Characters; of a list its entries. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** Says a wrong character in words of its own: IAM does, STS doesn't. */
  readonly patternMessage?: string;
  readonly kind?: 'text' | 'number' | 'list' | 'boolean';
  readonly least?: number;
  readonly most?: number;
  readonly values?: readonly string[];
}

/** Throws AWS's ValidationError, which names every constraint that isn't met. */
export function checkConstraints(params: QueryParams, constraints: Readonly<Record<string, Constraint>>): void {
  const failures: string[] = [];
  for (const [name, constraint] of Object.entries(constraints)) {
    const label = name.slice(0, 1).toLowerCase() + name.slice(1);
    if (constraint.kind === 'list') checkList(params, name, label, constraint, failures);
    else checkValue(params.get(name), label, constraint, failures);
  }
  if (failures.length === 0) return;
  const what = failures.length === 1 ? '1 validation error' : `${failures.length} validation errors`;
  throw validationError(`${what} detected: ${failures.join('; ')}`);
}

export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', 400, message);
}

function checkValue(value: string | undefined, label: string, constraint: Constraint, failures: string[]): void {
  const { kind, min, max, pattern, patternMessage, least, most, values } = constraint;
  if (value === undefined) {
    if (constraint.isRequired)
      failures.push(`Value null at '${label}' failed to satisfy constraint: Member must not be null`);
    return;
  }
  const fail = (must: string) =>
    failures.push(`Value '${value}' at '${label}' failed to satisfy constraint: Member must ${must}`);
  if (kind === 'number') {
    if (!/^-?\d{1,15}$/.test(value)) throw new ServiceError('MalformedInput', 400, 'Invalid Argument');
    const number = Number(value);
    if (least !== undefined && number < least) fail(`have value greater than or equal to ${least}`);
    if (most !== undefined && number > most) fail(`have value less than or equal to ${most}`);
    return;
  }
  if (kind === 'boolean' && !/^(true|false)$/.test(value)) {
    throw new ServiceError('MalformedInput', 400, 'Invalid Argument');
  }
  if (values && !values.includes(value)) fail(`satisfy enum value set: [${values.join(', ')}]`);
  if (min !== undefined && value.length < min) fail(`have length greater than or equal to ${min}`);
  if (max !== undefined && value.length > max) fail(`have length less than or equal to ${max}`);
  if (pattern && !pattern.test(value)) {
    if (patternMessage !== undefined && failures.length === 0) {
      throw validationError(`The specified value for ${label} is invalid. ${patternMessage}`);
    }
    fail(`satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`);
  }
}

function checkList(
  params: QueryParams,
  name: string,
  label: string,
  { isRequired, min, max }: Constraint,
  failures: string[],
): void {
  const list = params.members(name);
  if (list.length === 0 && params.get(name) === undefined) {
    if (isRequired) failures.push(`Value null at '${label}' failed to satisfy constraint: Member must not be null`);
    return;
  }
  const fail = (must: string) => failures.push(`Value at '${label}' failed to satisfy constraint: Member must ${must}`);
  if (min !== undefined && list.length < min) fail(`have length greater than or equal to ${min}`);
  if (max !== undefined && list.length > max) fail(`have length less than or equal to ${max}`);
}
