/** An IAM policy document as plain data, as its JSON says it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: readonly PolicyStatement[] | PolicyStatement;
}

export type OneOrMany<T> = T | readonly T[];

/** `"*"`, or principals by kind: `{ "AWS": [...], "Service": ..., "Federated": ... }`. */
export type PolicyPrincipal = '*' | Readonly<Record<string, OneOrMany<string>>>;

/** Operator → condition key → value or values. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>>;

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PolicyPrincipal;
  readonly NotPrincipal?: PolicyPrincipal;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: PolicyCondition;
}
