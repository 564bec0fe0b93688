import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';
import { adminError } from './admin-error';
import { loadIam, loadS3 } from './sdk';
import { createSdkCaller, type SdkCall, type SdkOptions } from './sdk-caller';

/** The SDK's clients of IAM and S3, for what a person does with roles and buckets. */
export interface AdminClients {
  readonly iam: SdkCall<IAMClient>;
  readonly s3: SdkCall<S3Client>;
}

/** `iam` and `s3` ask as the caller, before any role is assumed. */
export function createAdminClients(options: { readonly iam: SdkOptions; readonly s3: SdkOptions }): AdminClients {
  return {
    iam: createSdkCaller(
      options.iam,
      async config => new (await loadIam()).IAMClient(config),
      failure => adminError(failure, options.iam.context),
    ),
    s3: createSdkCaller(
      options.s3,
      async config =>
        new (await loadS3()).S3Client({
          ...config,
          forcePathStyle: config.endpoint !== undefined,
          followRegionRedirects: true,
        }),
      failure => adminError(failure, options.s3.context),
    ),
  };
}
