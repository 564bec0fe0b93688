import type {
  AccessKeyRecord,
  ManagedPolicyRecord,
  PolicyVersionRecord,
  RoleRecord,
  UserRecord,
} from '../identity-records';
import type { IdentityStore } from '../identity-store';
import { isoTime } from '../query-service';
import { percentEncode } from '../request-target';
import { tagElements } from '../tags';
import { elements, type XmlElement } from '../xml';

/** Listings leave out what only a Get answers: boundary and tags. */
type Detail = 'listed' | 'whole';

export function roleElements(role: RoleRecord, store: IdentityStore, detail: Detail = 'whole'): XmlElement[] {
  return elements({
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: isoTime(role.created),
    AssumeRolePolicyDocument: percentEncode(JSON.stringify(store.trustOf(role))),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    ...(detail === 'whole' && ownElements(role)),
  });
}

export function userElements(user: UserRecord, detail: Detail = 'whole'): XmlElement[] {
  return elements({
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: isoTime(user.created),
    ...(detail === 'whole' && ownElements(user)),
  });
}

function ownElements({ boundaryArn, tags }: RoleRecord | UserRecord) {
  return {
    PermissionsBoundary:
      boundaryArn === undefined
        ? undefined
        : elements({ PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundaryArn }),
    Tags: tags.size === 0 ? undefined : tagElements(tags),
  };
}

export function accessKeyElements(user: UserRecord, key: AccessKeyRecord): XmlElement[] {
  return elements({
    UserName: user.name,
    AccessKeyId: key.accessKeyId,
    Status: key.isActive ? 'Active' : 'Inactive',
    CreateDate: isoTime(key.created),
  });
}

export function policyElements(
  policy: ManagedPolicyRecord,
  uses: { readonly attachments: number; readonly boundaries: number },
  detail: Detail = 'whole',
): XmlElement[] {
  return elements({
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: uses.attachments,
    PermissionsBoundaryUsageCount: uses.boundaries,
    IsAttachable: true,
    CreateDate: isoTime(policy.created),
    UpdateDate: isoTime(policy.updated),
    ...(detail === 'whole' && {
      Description: policy.description,
      Tags: policy.tags.size === 0 ? undefined : tagElements(policy.tags),
    }),
  });
}

/** A version; listings leave out its document. */
export function versionElements(
  policy: ManagedPolicyRecord,
  version: PolicyVersionRecord,
  detail: Detail = 'whole',
): XmlElement[] {
  return elements({
    Document: detail === 'whole' ? percentEncode(version.policy.text) : undefined,
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: isoTime(version.created),
  });
}
