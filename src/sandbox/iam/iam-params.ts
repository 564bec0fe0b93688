import type { Constraint } from '../constraints';

/** What IAM's service model says about its parameters. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */

const NAME_PATTERN = /^[\w+=,.@-]+$/;
const NAME_MESSAGE = 'It must contain only alphanumeric characters and/or the following: +=,.@_-';

/** Of a role or a user. */
export const ENTITY_NAME: Constraint = {
  isRequired: true,
  min: 1,
  max: 64,
  pattern: NAME_PATTERN,
  patternMessage: NAME_MESSAGE,
};
/** Some calls take the caller's own name where it is left out; and IAM knows of longer names than it creates. */
export const OPTIONAL_USER_NAME: Constraint = { ...ENTITY_NAME, isRequired: false, max: 128 };
export const POLICY_NAME: Constraint = { ...ENTITY_NAME, max: 128 };
export const POLICY_DOCUMENT: Constraint = { isRequired: true, min: 1, max: 131_072 };
export const POLICY_ARN: Constraint = { isRequired: true, min: 20, max: 2048 };
export const OPTIONAL_ARN: Constraint = { ...POLICY_ARN, isRequired: false };
export const VERSION_ID: Constraint = { isRequired: true, pattern: /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/ };
export const DESCRIPTION: Constraint = { max: 1000 };
export const FLAG: Constraint = { kind: 'boolean' };
export const TAGS: Constraint = { kind: 'list', max: 50 };
export const TAG_KEYS: Constraint = { kind: 'list', isRequired: true, max: 50 };
export const MAX_SESSION_DURATION: Constraint = { kind: 'number', least: 3600, most: 43_200 };
export const PATH: Constraint = {
  min: 1,
  max: 512,
  pattern: /^(\/|\/[\x21-\x7e]+\/)$/,
  patternMessage: 'It must begin and end with / and contain only alphanumeric characters and/or / characters.',
};
export const PATH_PREFIX: Constraint = { min: 1, max: 512, pattern: /^\/[\x21-\x7f]*$/ };
export const PAGING: Readonly<Record<string, Constraint>> = {
  Marker: { min: 1 },
  MaxItems: { kind: 'number', least: 1, most: 1000 },
};
