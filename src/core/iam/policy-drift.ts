import type { AuthorizationRequest } from './decision';
import { evaluate } from './evaluate';
import { parsePolicyText } from './parse-policy';
import type { PolicyDocument } from './policy';

/** How what AWS has differs from what a file says, as far as the export is concerned. */
export interface PolicyDrift {
  /** Actions that the file allows the export and AWS doesn't. */
  readonly missing: readonly string[];
  /** Actions that AWS allows the export and the file doesn't. */
  readonly extra: readonly string[];
}

/** Compares two permission policies by what they let the export do under its folder, and beside it. */
export function policyDrift(
  file: string,
  inAws: readonly string[],
  place: { bucket: string; prefix: string },
): PolicyDrift {
  const wanted = documentsOf([file]);
  const present = documentsOf(inAws);
  const missing = new Set<string>();
  const extra = new Set<string>();
  for (const request of requestsOf(wanted, place)) {
    const allows = (identity: readonly PolicyDocument[]) => evaluate(request, { identity }).decision === 'allowed';
    const [byFile, byAws] = [allows(wanted), allows(present)];
    if (byFile && !byAws) missing.add(request.action);
    if (byAws && !byFile) extra.add(request.action);
  }
  return { missing: [...missing], extra: [...extra] };
}

function documentsOf(texts: readonly string[]): PolicyDocument[] {
  return texts.flatMap(text => parsePolicyText(text).document ?? []);
}

function requestsOf(wanted: readonly PolicyDocument[], { bucket, prefix }: { bucket: string; prefix: string }) {
  const text = JSON.stringify(wanted);
  const partition = /"arn:(aws[\w-]*):s3:::/.exec(text)?.[1] ?? 'aws';
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const ask = (action: string, resource: string, context = {}): AuthorizationRequest => ({
    action,
    resource,
    principal: { arn: '', account: '' },
    context,
  });
  const objects = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject', 's3:PutObjectAcl'];
  const keys = [...text.matchAll(/arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+/g)].map(match => match[0]);
  return [
    ...objects.map(action => ask(action, `${bucketArn}/${prefix}dag_id=a/attempt=1.log`)),
    ...objects.map(action => ask(action, `${bucketArn}/elsewhere-than-${prefix}a`)),
    ask('s3:ListBucket', bucketArn, { 's3:prefix': `${prefix}dag_id=a/` }),
    ask('s3:DeleteBucket', bucketArn),
    ...[...new Set(keys)].flatMap(key => ['kms:GenerateDataKey', 'kms:Decrypt'].map(action => ask(action, key))),
  ];
}
