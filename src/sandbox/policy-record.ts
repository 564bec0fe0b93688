import { type PolicyGrammar, parsePolicyText } from '../core/iam/parse-policy';
import type { PolicyRecord } from './identity-records';
import { ServiceError } from './service';

export function malformedPolicy(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocument', 400, message);
}

/** A policy that came through an API. Throws MalformedPolicyDocument in IAM's words. */
export function policyRecord(text: string, grammar: PolicyGrammar): PolicyRecord {
  const { document, problems } = parsePolicyText(text, grammar);
  const [problem] = problems;
  if (problem) throw malformedPolicy(problem.message);
  if (!document) throw malformedPolicy('Syntax errors in policy.');
  return { text, document };
}

/** IAM doesn't count white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export function policySize(text: string): number {
  return text.replace(/\s/g, '').length;
}
