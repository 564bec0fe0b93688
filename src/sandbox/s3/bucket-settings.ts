import { type SandboxResponse, ServiceError } from '../service';
import {
  child,
  childText,
  element,
  elements,
  malformedXml,
  parseXmlOf,
  XML_DECLARATION,
  type XmlNode,
  xmlDocument,
} from '../xml';
import { authorize } from './authorize';
import { requestedOwnership } from './buckets';
import type { BucketCall } from './call';
import { keyArnOf } from './kms';
import { lockConfigurationDocument, parseLockConfiguration } from './object-lock';
import { receiveDocument } from './receive-body';
import type { Encryption } from './records';
import { notImplemented } from './request';
import { parseTagging, taggingDocument } from './tags';

const OK: SandboxResponse = { status: 200 };
const NO_CONTENT: SandboxResponse = { status: 204 };

function missing(call: BucketCall, code: string, message: string): ServiceError {
  return new ServiceError(code, 404, message, { BucketName: call.bucket.record.name });
}

function document(body: string): SandboxResponse {
  return { status: 200, body };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export async function getBucketVersioning({ request, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:GetBucketVersioning' });
  return document(xmlDocument('VersioningConfiguration', elements({ Status: bucket.record.versioning })));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
export async function putBucketVersioning(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket } = call;
  authorize(request, bucket, { action: 's3:PutBucketVersioning' });
  const root = parseXmlOf(await receiveDocument(request), 'VersioningConfiguration');
  if (childText(root, 'MfaDelete') === 'Enabled') throw notImplemented('MfaDelete');
  const status = childText(root, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new ServiceError('IllegalVersioningConfigurationException', 400, 'The Versioning element must be specified');
  }
  if (status === 'Suspended' && bucket.record.objectLock) {
    throw new ServiceError(
      'InvalidBucketState',
      409,
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  }
  await state.changeBucket(bucket, { versioning: status });
  return OK;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html */
export async function getPublicAccessBlock(call: BucketCall): Promise<SandboxResponse> {
  authorize(call.request, call.bucket, { action: 's3:GetBucketPublicAccessBlock' });
  const block = call.bucket.record.publicAccessBlock;
  if (!block) {
    throw missing(call, 'NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found');
  }
  return document(
    xmlDocument(
      'PublicAccessBlockConfiguration',
      elements({
        BlockPublicAcls: block.blockPublicAcls,
        IgnorePublicAcls: block.ignorePublicAcls,
        BlockPublicPolicy: block.blockPublicPolicy,
        RestrictPublicBuckets: block.restrictPublicBuckets,
      }),
    ),
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html */
export async function putPublicAccessBlock(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket } = call;
  authorize(request, bucket, { action: 's3:PutBucketPublicAccessBlock' });
  const root = parseXmlOf(await receiveDocument(request), 'PublicAccessBlockConfiguration');
  const flag = (name: string): boolean => {
    const text = childText(root, name)?.trim().toLowerCase() ?? 'false';
    if (text !== 'true' && text !== 'false') throw malformedXml();
    return text === 'true';
  };
  await state.changeBucket(bucket, {
    publicAccessBlock: {
      blockPublicAcls: flag('BlockPublicAcls'),
      ignorePublicAcls: flag('IgnorePublicAcls'),
      blockPublicPolicy: flag('BlockPublicPolicy'),
      restrictPublicBuckets: flag('RestrictPublicBuckets'),
    },
  });
  return OK;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html */
export async function deletePublicAccessBlock({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:PutBucketPublicAccessBlock' });
  await state.changeBucket(bucket, { publicAccessBlock: undefined });
  return NO_CONTENT;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html */
export async function getOwnershipControls(call: BucketCall): Promise<SandboxResponse> {
  authorize(call.request, call.bucket, { action: 's3:GetBucketOwnershipControls' });
  const { ownership } = call.bucket.record;
  if (!ownership) {
    throw missing(call, 'OwnershipControlsNotFoundError', 'The bucket ownership controls were not found');
  }
  return document(xmlDocument('OwnershipControls', element('Rule', elements({ ObjectOwnership: ownership }))));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html */
export async function putOwnershipControls(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket } = call;
  authorize(request, bucket, { action: 's3:PutBucketOwnershipControls' });
  const root = parseXmlOf(await receiveDocument(request), 'OwnershipControls');
  const rules = root.children.filter(one => one.name === 'Rule');
  const ownership = rules.length === 1 ? childText(rules[0]!, 'ObjectOwnership')?.trim() : undefined;
  if (ownership === undefined) throw malformedXml();
  await state.changeBucket(bucket, { ownership: requestedOwnership(ownership) });
  return OK;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html */
export async function deleteOwnershipControls({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:PutBucketOwnershipControls' });
  await state.changeBucket(bucket, { ownership: undefined });
  return NO_CONTENT;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
export async function getBucketEncryption({ request, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:GetEncryptionConfiguration' });
  const { encryption } = bucket.record;
  return document(
    xmlDocument(
      'ServerSideEncryptionConfiguration',
      element(
        'Rule',
        elements({
          ApplyServerSideEncryptionByDefault: elements({
            SSEAlgorithm: encryption.algorithm,
            KMSMasterKeyID: encryption.keyId,
          }),
          BucketKeyEnabled: encryption.hasBucketKey ?? false,
        }),
      ),
    ),
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html */
export async function putBucketEncryption(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket } = call;
  authorize(request, bucket, { action: 's3:PutEncryptionConfiguration' });
  const root = parseXmlOf(await receiveDocument(request), 'ServerSideEncryptionConfiguration');
  const rules = root.children.filter(one => one.name === 'Rule');
  if (rules.length !== 1) throw malformedXml();
  await state.changeBucket(bucket, { encryption: parseEncryptionRule(rules[0]!, call) });
  return OK;
}

function parseEncryptionRule(rule: XmlNode, { bucket }: BucketCall): Encryption {
  const byDefault = child(rule, 'ApplyServerSideEncryptionByDefault');
  const hasBucketKey = childText(rule, 'BucketKeyEnabled')?.trim() === 'true';
  for (const { name } of rule.children) {
    if (name !== 'ApplyServerSideEncryptionByDefault' && name !== 'BucketKeyEnabled') {
      throw notImplemented(`<${name}> in an encryption rule`);
    }
  }
  if (!byDefault) return { ...bucket.record.encryption, hasBucketKey };
  const algorithm = childText(byDefault, 'SSEAlgorithm')?.trim();
  const keyName = childText(byDefault, 'KMSMasterKeyID')?.trim();
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') throw malformedXml();
  if (algorithm === 'AES256' && keyName !== undefined) {
    throw new ServiceError(
      'InvalidArgument',
      400,
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    );
  }
  const keyId = keyName && keyArnOf(keyName, bucket.record.region, bucket.record.ownerAccount);
  return { algorithm, ...(keyId && { keyId }), ...(hasBucketKey && { hasBucketKey }) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html */
export async function deleteBucketEncryption({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:PutEncryptionConfiguration' });
  await state.changeBucket(bucket, { encryption: { algorithm: 'AES256' } });
  return NO_CONTENT;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html */
export async function getBucketLifecycle(call: BucketCall): Promise<SandboxResponse> {
  authorize(call.request, call.bucket, { action: 's3:GetLifecycleConfiguration' });
  const { lifecycle } = call.bucket.record;
  if (lifecycle === undefined) {
    throw missing(call, 'NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist');
  }
  return document(lifecycle);
}

/**
 * Keeps the configuration as it came; nothing ever expires here.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
export async function putBucketLifecycle(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket } = call;
  authorize(request, bucket, { action: 's3:PutLifecycleConfiguration' });
  const source = await receiveDocument(request);
  const root = parseXmlOf(source, 'LifecycleConfiguration');
  const rules = root.children.filter(one => one.name === 'Rule');
  if (rules.length === 0 || rules.length > 1000 || rules.length !== root.children.length) throw malformedXml();
  const ids = rules.map(rule => childText(rule, 'ID')).filter(id => id !== undefined);
  if (new Set(ids).size < ids.length) {
    throw new ServiceError('InvalidArgument', 400, 'Rule ID must be unique. Found same ID for more than one rule');
  }
  for (const rule of rules) checkLifecycleRule(rule);
  const lifecycle = XML_DECLARATION + source.replace(/^\ufeff?\s*(<\?[\s\S]*?\?>\s*)?/, '');
  await state.changeBucket(bucket, { lifecycle });
  return OK;
}

const LIFECYCLE_ACTIONS = [
  'Expiration',
  'NoncurrentVersionExpiration',
  'Transition',
  'NoncurrentVersionTransition',
  'AbortIncompleteMultipartUpload',
];

function checkLifecycleRule(rule: XmlNode): void {
  const status = childText(rule, 'Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
  const actions = rule.children.filter(one => LIFECYCLE_ACTIONS.includes(one.name));
  if (actions.length === 0) {
    throw new ServiceError('InvalidRequest', 400, 'At least one action needs to be specified in a rule');
  }
  if (!child(rule, 'Filter') && !child(rule, 'Prefix')) throw malformedXml();
  for (const action of actions) {
    for (const { name, text } of action.children) {
      if (
        /Days|DaysAfterInitiation/.test(name) &&
        !/^\s*[1-9]\d*\s*$/.test(text) &&
        !(action.name.endsWith('Transition') && text.trim() === '0')
      ) {
        throw new ServiceError(
          'InvalidArgument',
          400,
          `'${name}' for ${action.name} action must be a positive integer`,
        );
      }
    }
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html */
export async function deleteBucketLifecycle({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:PutLifecycleConfiguration' });
  await state.changeBucket(bucket, { lifecycle: undefined });
  return NO_CONTENT;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html */
export async function getObjectLockConfiguration({ request, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:GetBucketObjectLockConfiguration' });
  return document(lockConfigurationDocument(bucket));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html */
export async function putObjectLockConfiguration(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket } = call;
  authorize(request, bucket, { action: 's3:PutBucketObjectLockConfiguration' });
  const objectLock = parseLockConfiguration(await receiveDocument(request));
  if (bucket.record.versioning !== 'Enabled') {
    throw new ServiceError(
      'InvalidBucketState',
      409,
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    );
  }
  await state.changeBucket(bucket, { objectLock });
  return OK;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html */
export async function getBucketTagging(call: BucketCall): Promise<SandboxResponse> {
  authorize(call.request, call.bucket, { action: 's3:GetBucketTagging' });
  const { tags } = call.bucket.record;
  if (!tags) throw missing(call, 'NoSuchTagSet', 'The TagSet does not exist');
  return document(taggingDocument(tags));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html */
export async function putBucketTagging({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:PutBucketTagging' });
  await state.changeBucket(bucket, { tags: parseTagging(await receiveDocument(request), 50) });
  return NO_CONTENT;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html */
export async function deleteBucketTagging({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:PutBucketTagging' });
  await state.changeBucket(bucket, { tags: undefined });
  return NO_CONTENT;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html */
export async function getRequestPayment({ request, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:GetBucketRequestPayment' });
  const Payer = bucket.record.requesterPays ? 'Requester' : 'BucketOwner';
  return document(xmlDocument('RequestPaymentConfiguration', elements({ Payer })));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html */
export async function putRequestPayment({ request, state, bucket }: BucketCall): Promise<SandboxResponse> {
  authorize(request, bucket, { action: 's3:PutBucketRequestPayment' });
  const payer = childText(parseXmlOf(await receiveDocument(request), 'RequestPaymentConfiguration'), 'Payer')?.trim();
  if (payer !== 'Requester' && payer !== 'BucketOwner') throw malformedXml();
  await state.changeBucket(bucket, { requesterPays: payer === 'Requester' });
  return OK;
}
