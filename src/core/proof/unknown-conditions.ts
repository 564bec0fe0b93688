import type { PolicyDocument, PolicyStatement } from '../iam/policy';

/** A policy's statements as a list. */
export function statementsOf({ Statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

/**
 * Condition keys that are known of a Deployment's requests, if only by their absence: Airflow sends no header of its own
 * to S3, and Astro no ExternalId. Where a request comes from is known well enough too: from no network of the customer's.
 */
const KNOWN =
  /^(?:aws:(?:PrincipalArn|PrincipalAccount|PrincipalType|SecureTransport|CurrentTime|SourceVpce|SourceVpc|SourceIp|VpcSourceIp|PrincipalIsAWSService|ViaAWSService)|s3:.+|sts:ExternalId)$/i;

/** The condition keys of a statement on which nobody but AWS can decide, such as `aws:PrincipalOrgID`. */
export function unknownKeysOf({ Condition = {} }: PolicyStatement): string[] {
  return Object.values(Condition)
    .flatMap(keys => Object.keys(keys))
    .filter(key => !KNOWN.test(key));
}
