import { parsePolicyText } from '../iam/parse-policy';
import type { PolicyDocument } from '../iam/policy';

/** A policy with the name by which a person finds it in IAM. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** What could be read of a role. */
export interface RoleDocuments {
  readonly arn: string;
  readonly account: string;
  /** Absent where not all of them could be read: then they prove nothing that is missing. */
  readonly identity?: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly trust?: PolicyDocument;
  /** What could not be read, in words: `iam:GetRolePolicy is denied`. */
  readonly unread: readonly string[];
}

/** What could be read of the bucket's policy. */
export interface BucketDocument {
  /** Null where the bucket has none; absent where it couldn't be read. */
  readonly policy?: PolicyDocument | null;
  /** The account that owns the bucket, where the reading tells. */
  readonly account?: string;
  readonly unread: readonly string[];
}

/** A policy's text as data; undefined where IAM itself would not take it. */
export function policyOf(text: string, grammar: 'identity' | 'resource' | 'trust'): PolicyDocument | undefined {
  return parsePolicyText(text, grammar).document;
}
