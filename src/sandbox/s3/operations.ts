import { deleteBucketPolicy, getBucketPolicy, getBucketPolicyStatus, putBucketPolicy } from './bucket-policy';
import {
  deleteBucketEncryption,
  deleteBucketLifecycle,
  deleteBucketTagging,
  deleteOwnershipControls,
  deletePublicAccessBlock,
  getBucketEncryption,
  getBucketLifecycle,
  getBucketTagging,
  getBucketVersioning,
  getObjectLockConfiguration,
  getOwnershipControls,
  getPublicAccessBlock,
  getRequestPayment,
  putBucketEncryption,
  putBucketLifecycle,
  putBucketTagging,
  putBucketVersioning,
  putObjectLockConfiguration,
  putOwnershipControls,
  putPublicAccessBlock,
  putRequestPayment,
} from './bucket-settings';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets';
import type { BucketOperation, ServiceOperation } from './call';
import { copyObject } from './copy-object';
import { deleteObject, deleteObjects } from './delete-object';
import { getObject, headObject } from './get-object';
import { listObjectsV1, listObjectsV2 } from './list-objects';
import { listMultipartUploads, listParts } from './list-uploads';
import { listObjectVersions } from './list-versions';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from './multipart';
import { getObjectAttributes } from './object-attributes';
import {
  deleteObjectTagging,
  getObjectLegalHold,
  getObjectRetention,
  getObjectTagging,
  putObjectLegalHold,
  putObjectRetention,
  putObjectTagging,
} from './object-settings';
import { putObject } from './put-object';

interface Route {
  readonly method: string;
  /** The query parameter that makes it this operation; absent: the plain request. */
  readonly selector?: string;
  /** Further parameters that the operation needs. */
  readonly needs?: readonly string[];
  /** Further parameters that it knows. */
  readonly knows?: readonly string[];
  /** A header that makes it this operation. */
  readonly header?: string;
}

export interface ServiceRoute extends Route {
  readonly run: ServiceOperation;
}

export interface BucketRoute extends Route {
  readonly run: BucketOperation;
}

const LIST_PARAMETERS = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];
const READ_PARAMETERS = [
  'versionId',
  'partNumber',
  'response-content-type',
  'response-content-language',
  'response-expires',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
];

/** Requests without a bucket. */
export const SERVICE_ROUTES: readonly ServiceRoute[] = [
  { method: 'GET', knows: ['max-buckets', 'continuation-token', 'prefix', 'bucket-region'], run: listBuckets },
];

/** Requests that make a bucket. */
export const CREATE_BUCKET: ServiceRoute = { method: 'PUT', run: createBucket };

/** Requests on a bucket. */
export const BUCKET_ROUTES: readonly BucketRoute[] = [
  { method: 'HEAD', run: headBucket },
  { method: 'DELETE', run: deleteBucket },
  { method: 'GET', selector: 'location', run: getBucketLocation },
  {
    method: 'GET',
    selector: 'list-type',
    knows: [...LIST_PARAMETERS, 'continuation-token', 'start-after', 'fetch-owner'],
    run: listObjectsV2,
  },
  { method: 'GET', knows: [...LIST_PARAMETERS, 'marker'], run: listObjectsV1 },
  { method: 'POST', selector: 'delete', run: deleteObjects },
  {
    method: 'GET',
    selector: 'versions',
    knows: [...LIST_PARAMETERS, 'key-marker', 'version-id-marker'],
    run: listObjectVersions,
  },
  {
    method: 'GET',
    selector: 'uploads',
    knows: ['prefix', 'delimiter', 'max-uploads', 'encoding-type', 'key-marker', 'upload-id-marker'],
    run: listMultipartUploads,
  },
  ...settings('policy', getBucketPolicy, putBucketPolicy, deleteBucketPolicy),
  ...settings('policyStatus', getBucketPolicyStatus),
  ...settings('publicAccessBlock', getPublicAccessBlock, putPublicAccessBlock, deletePublicAccessBlock),
  ...settings('ownershipControls', getOwnershipControls, putOwnershipControls, deleteOwnershipControls),
  ...settings('encryption', getBucketEncryption, putBucketEncryption, deleteBucketEncryption),
  ...settings('versioning', getBucketVersioning, putBucketVersioning),
  ...settings('lifecycle', getBucketLifecycle, putBucketLifecycle, deleteBucketLifecycle),
  ...settings('object-lock', getObjectLockConfiguration, putObjectLockConfiguration),
  ...settings('tagging', getBucketTagging, putBucketTagging, deleteBucketTagging),
  ...settings('requestPayment', getRequestPayment, putRequestPayment),
];

/** Requests on an object. */
export const OBJECT_ROUTES: readonly BucketRoute[] = [
  { method: 'PUT', header: 'x-amz-copy-source', run: copyObject },
  { method: 'PUT', run: putObject },
  { method: 'GET', knows: READ_PARAMETERS, run: getObject },
  { method: 'HEAD', knows: READ_PARAMETERS, run: headObject },
  { method: 'DELETE', knows: ['versionId'], run: deleteObject },
  { method: 'GET', selector: 'attributes', knows: ['versionId'], run: getObjectAttributes },
  ...objectSettings('tagging', getObjectTagging, putObjectTagging, deleteObjectTagging),
  ...objectSettings('retention', getObjectRetention, putObjectRetention),
  ...objectSettings('legal-hold', getObjectLegalHold, putObjectLegalHold),
  { method: 'POST', selector: 'uploads', run: createMultipartUpload },
  {
    method: 'PUT',
    selector: 'uploadId',
    needs: ['partNumber'],
    header: 'x-amz-copy-source',
    run: uploadPartCopy,
  },
  { method: 'PUT', selector: 'uploadId', needs: ['partNumber'], run: uploadPart },
  { method: 'POST', selector: 'uploadId', run: completeMultipartUpload },
  { method: 'DELETE', selector: 'uploadId', run: abortMultipartUpload },
  {
    method: 'GET',
    selector: 'uploadId',
    knows: ['max-parts', 'part-number-marker', 'encoding-type'],
    run: listParts,
  },
];

/** Reading, writing and removing one sub-resource of a bucket. */
function settings(
  selector: string,
  get: BucketOperation,
  put?: BucketOperation,
  remove?: BucketOperation,
): BucketRoute[] {
  return [
    { method: 'GET', selector, run: get },
    ...(put ? [{ method: 'PUT', selector, run: put }] : []),
    ...(remove ? [{ method: 'DELETE', selector, run: remove }] : []),
  ];
}

/** The same of an object, or of one version of it. */
function objectSettings(...resource: Parameters<typeof settings>): BucketRoute[] {
  return settings(...resource).map(route => ({ ...route, knows: ['versionId'] }));
}
