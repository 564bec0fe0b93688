import { isExportError } from '../core/export-error';
import { failureOf } from './admin-error';
import { elementText } from './xml';

/** What a bucket is set to, as far as it matters to an export. A part that can't be read is undefined, and named. */
export interface BucketSettings {
  /** Default retention of Object Lock: null where there is none. */
  readonly retention?: { readonly mode: string; readonly duration: string } | null;
  /** `BucketOwnerEnforced`, `BucketOwnerPreferred` or `ObjectWriter`. */
  readonly ownership?: string;
  readonly requesterPays?: boolean;
  /** The KMS key of the default encryption, as the bucket names it; null where KMS isn't used. */
  readonly kmsKey?: string | null;
  /** The permissions that were missing. */
  readonly denied: readonly string[];
}

/** Sends one GET of a bucket's configuration and returns its XML. */
type ReadConfiguration = (action: string, query: string) => Promise<string>;

/**
 * Reads the settings one by one, side by side. What is denied, or unknown to a store that isn't AWS, is left out.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html and its neighbours.
 */
export async function readBucketSettings(read: ReadConfiguration): Promise<BucketSettings> {
  const denied: string[] = [];
  async function part<T>(
    action: string,
    query: string,
    parse: (xml: string) => T,
    missing: [RegExp, T],
  ): Promise<T | undefined> {
    try {
      return parse(await read(action, query));
    } catch (error) {
      const failure = failureOf(error);
      if (!isExportError(error) || failure === undefined || failure.status === 0) throw error;
      if (missing[0].test(failure.awsCode)) return missing[1];
      if (failure.status === 403) denied.push(action);
      return undefined;
    }
  }
  const [retention, ownership, requesterPays, kmsKey] = await Promise.all([
    part('s3:GetBucketObjectLockConfiguration', 'object-lock=', retentionOf, [
      /^ObjectLockConfigurationNotFound/,
      null,
    ]),
    part('s3:GetBucketOwnershipControls', 'ownershipControls=', xml => elementText(xml, 'ObjectOwnership'), [
      /^OwnershipControlsNotFound/,
      'ObjectWriter',
    ]),
    part('s3:GetBucketRequestPayment', 'requestPayment=', xml => elementText(xml, 'Payer') === 'Requester', [
      /^$^/,
      false,
    ]),
    part('s3:GetEncryptionConfiguration', 'encryption=', kmsKeyOf, [
      /^ServerSideEncryptionConfigurationNotFound/,
      null,
    ]),
  ]);
  return {
    ...(retention !== undefined && { retention }),
    ...(ownership !== undefined && { ownership }),
    ...(requesterPays !== undefined && { requesterPays }),
    ...(kmsKey !== undefined && { kmsKey }),
    denied,
  };
}

function retentionOf(xml: string): { mode: string; duration: string } | null {
  const mode = elementText(xml, 'Mode');
  if (mode === undefined) return null;
  const days = elementText(xml, 'Days');
  return { mode, duration: days === undefined ? `${elementText(xml, 'Years')} years` : `${days} days` };
}

function kmsKeyOf(xml: string): string | null {
  return /^aws:kms/.test(elementText(xml, 'SSEAlgorithm') ?? '')
    ? (elementText(xml, 'KMSMasterKeyID') ?? 'aws/s3')
    : null;
}
