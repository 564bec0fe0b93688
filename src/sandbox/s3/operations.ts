import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets';
import type { BucketOperation, ServiceOperation } from './call';
import { deleteObject, deleteObjects } from './delete-object';
import { getObject, headObject } from './get-object';
import { listObjectsV1, listObjectsV2 } from './list-objects';
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
];

/** Requests on an object. */
export const OBJECT_ROUTES: readonly BucketRoute[] = [
  { method: 'PUT', run: putObject },
  { method: 'GET', knows: READ_PARAMETERS, run: getObject },
  { method: 'HEAD', knows: READ_PARAMETERS, run: headObject },
  { method: 'DELETE', knows: ['versionId'], run: deleteObject },
];
