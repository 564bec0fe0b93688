import { editDistance } from '../../text/edit-distance';
import { compileGlob, matchesGlob } from '../match';

/**
 * The actions of the services that the export has to do with, as the service authorization reference lists them:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html, …/list_awssecuritytokenservice.html,
 * …/list_awskeymanagementservice.html
 */
const NAMES: Readonly<Record<string, string>> = {
  s3: `
    AbortMultipartUpload AllowVendedLogDeliveryForResource AssociateAccessGrantsIdentityCenter
    BypassGovernanceRetention CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation
    CreateAccessPoint CreateAccessPointForObjectLambda CreateBucket CreateBucketMetadataTableConfiguration CreateJob
    CreateMultiRegionAccessPoint CreateStorageLensGroup DeleteAccessGrant DeleteAccessGrantsInstance
    DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation DeleteAccessPoint
    DeleteAccessPointForObjectLambda DeleteAccessPointPolicy DeleteAccessPointPolicyForObjectLambda DeleteBucket
    DeleteBucketMetadataTableConfiguration DeleteBucketPolicy DeleteBucketWebsite DeleteJobTagging
    DeleteMultiRegionAccessPoint DeleteObject DeleteObjectAnnotation DeleteObjectTagging DeleteObjectVersion
    DeleteObjectVersionAnnotation DeleteObjectVersionTagging DeleteStorageLensConfiguration
    DeleteStorageLensConfigurationTagging DeleteStorageLensGroup DescribeJob DescribeMultiRegionAccessPointOperation
    DissociateAccessGrantsIdentityCenter GetAccelerateConfiguration GetAccessGrant GetAccessGrantsInstance
    GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy GetAccessGrantsLocation GetAccessPoint
    GetAccessPointConfigurationForObjectLambda GetAccessPointForObjectLambda GetAccessPointPolicy
    GetAccessPointPolicyForObjectLambda GetAccessPointPolicyStatus GetAccessPointPolicyStatusForObjectLambda
    GetAccountPublicAccessBlock GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation
    GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification GetBucketObjectLockConfiguration
    GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock
    GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetDataAccess
    GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetJobTagging
    GetLifecycleConfiguration GetMetricsConfiguration GetMultiRegionAccessPoint GetMultiRegionAccessPointPolicy
    GetMultiRegionAccessPointPolicyStatus GetMultiRegionAccessPointRoutes GetObject GetObjectAcl GetObjectAnnotation
    GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion
    GetObjectVersionAcl GetObjectVersionAnnotation GetObjectVersionAnnotationForReplication
    GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent
    GetReplicationConfiguration GetStorageLensConfiguration GetStorageLensConfigurationTagging
    GetStorageLensDashboard GetStorageLensGroup InitiateReplication ListAccessGrants ListAccessGrantsInstances
    ListAccessGrantsLocations ListAccessPoints ListAccessPointsForObjectLambda ListAllMyBuckets ListBucket
    ListBucketMultipartUploads ListBucketVersions ListCallerAccessGrants ListJobs ListMultiRegionAccessPoints
    ListMultipartUploadParts ListObjectAnnotations ListObjectVersionAnnotations ListStorageLensConfigurations
    ListStorageLensGroups ListTagsForResource ObjectOwnerOverrideToBucketOwner PauseReplication
    PutAccelerateConfiguration PutAccessGrantsInstanceResourcePolicy PutAccessPointConfigurationForObjectLambda
    PutAccessPointPolicy PutAccessPointPolicyForObjectLambda PutAccessPointPublicAccessBlock
    PutAccountPublicAccessBlock PutAnalyticsConfiguration PutBucketAbac PutBucketAcl PutBucketCORS PutBucketLogging
    PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy
    PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite
    PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration PutJobTagging
    PutLifecycleConfiguration PutMetricsConfiguration PutMultiRegionAccessPointPolicy PutObject PutObjectAcl
    PutObjectAnnotation PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl
    PutObjectVersionAnnotation PutObjectVersionTagging PutReplicationConfiguration PutStorageLensConfiguration
    PutStorageLensConfigurationTagging ReplicateDelete ReplicateObject ReplicateObjectAnnotation ReplicateTags
    RestoreObject SubmitMultiRegionAccessPointRoutes TagResource UntagResource UpdateAccessGrantsLocation
    UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration
    UpdateBucketMetadataJournalTableConfiguration UpdateJobPriority UpdateJobStatus UpdateObjectEncryption
    UpdateStorageLensGroup`,
  sts: `
    AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot DecodeAuthorizationMessage GetAccessKeyInfo
    GetCallerIdentity GetDelegatedAccessToken GetFederationToken GetServiceBearerToken GetSessionToken
    GetWebIdentityToken SetContext SetSourceIdentity TagGetWebIdentityToken TagSession`,
  kms: `
    CancelKeyDeletion ConnectCustomKeyStore CreateAlias CreateCustomKeyStore CreateGrant CreateKey Decrypt
    DeleteAlias DeleteCustomKeyStore DeleteImportedKeyMaterial DeriveSharedSecret DescribeCustomKeyStores
    DescribeKey DisableKey DisableKeyRotation DisconnectCustomKeyStore EnableKey EnableKeyRotation Encrypt
    GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext
    GenerateMac GenerateRandom GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey
    ImportKeyMaterial ListAliases ListGrants ListKeyPolicies ListKeyRotations ListKeys ListResourceTags
    ListRetirableGrants PutKeyPolicy ReEncryptFrom ReEncryptTo ReplicateKey RetireGrant RevokeGrant
    RotateKeyOnDemand ScheduleKeyDeletion Sign SynchronizeMultiRegionKey TagResource UntagResource UpdateAlias
    UpdateCustomKeyStore UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac`,
};

interface ActionName {
  readonly name: string;
  readonly lower: string;
}

const ACTIONS: ReadonlyMap<string, readonly ActionName[]> = new Map(
  Object.entries(NAMES).map(([service, names]) => [
    service,
    names
      .trim()
      .split(/\s+/)
      .map(name => ({ name, lower: name.toLowerCase() })),
  ]),
);

/** An action that AWS doesn't have. */
export interface UnknownAction {
  /** The action that was most likely meant; undefined where several come as close, or none. */
  readonly suggestion?: string;
}

/** Operations of S3's API whose action has another name. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const OPERATIONS: Readonly<Record<string, string>> = {
  headobject: 'GetObject',
  headbucket: 'ListBucket',
  listobjects: 'ListBucket',
  listobjectsv2: 'ListBucket',
  listobject: 'ListBucket',
  deleteobjects: 'DeleteObject',
  uploadpart: 'PutObject',
  createmultipartupload: 'PutObject',
  completemultipartupload: 'PutObject',
  writeobject: 'PutObject',
  readobject: 'GetObject',
};

/**
 * Whether no AWS action has this name; undefined for one that exists, for a pattern that covers some, and for every
 * action of a service that the export has nothing to do with.
 */
export function findUnknownAction(action: string): UnknownAction | undefined {
  if (!answers.has(action)) {
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(action, judgeAction(action));
  }
  return answers.get(action);
}

/** Several rules ask for the same few names, at each keystroke. */
const answers = new Map<string, UnknownAction | undefined>();
const MOST_ANSWERS = 5000;

function judgeAction(action: string): UnknownAction | undefined {
  const colon = action.indexOf(':');
  if (colon < 0) return withoutService(action);
  const service = action.slice(0, colon).toLowerCase();
  const names = ACTIONS.get(service);
  if (!names) return undefined;
  const name = action.slice(colon + 1);
  const lower = name.toLowerCase();
  const glob = compileGlob([{ text: lower, wild: true }]);
  if (names.some(each => matchesGlob(glob, each.lower))) return undefined;
  const operation = service === 's3' ? OPERATIONS[lower] : undefined;
  const suggestion = operation ?? nearest(lower, names);
  return suggestion === undefined ? {} : { suggestion: `${service}:${suggestion}` };
}

/** `PutObject`: the service before it was forgotten. */
function withoutService(action: string): UnknownAction | undefined {
  if (/[*?]/.test(action)) return undefined;
  const lower = action.toLowerCase();
  for (const [service, names] of ACTIONS) {
    const name = names.find(each => each.lower === lower || `${service}${each.lower}` === lower)?.name;
    if (name !== undefined) return { suggestion: `${service}:${name}` };
  }
  const joined = /^(s3|sts|kms)[.\-/\\;]+(.+)$/i.exec(action);
  return joined
    ? (findUnknownAction(`${joined[1]}:${joined[2]}`) ?? { suggestion: `${joined[1]?.toLowerCase()}:${joined[2]}` })
    : undefined;
}

const MOST_TYPOS = 2;

function nearest(lower: string, names: readonly ActionName[]): string | undefined {
  let best: string[] = [];
  let least = MOST_TYPOS + 1;
  // A name of many letters may have two wrong ones; of a short one that would be another word.
  const limit = lower.length > 6 ? MOST_TYPOS : 1;
  for (const { name, lower: other } of names) {
    if (Math.abs(other.length - lower.length) > limit) continue;
    const distance = editDistance(lower, other, limit);
    if (distance > limit || distance > least) continue;
    if (distance < least) best = [];
    least = distance;
    best.push(name);
  }
  return best.length === 1 ? best[0] : undefined;
}
