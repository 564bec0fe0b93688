import type { IdentityStore } from '../identity-store';
import { createQueryService, type QueryOperation } from '../query-service';
import type { SandboxRequest, SandboxResponse } from '../service';
import { assumeRole } from './assume-role';
import { getAccessKeyInfo, getCallerIdentity, getSessionToken } from './identity';
import type { StsContext } from './sts-context';
import { assumeRoleWithWebIdentity, type WebIdentityIssuers } from './web-identity';

const OPERATIONS: Readonly<Record<string, QueryOperation<StsContext>>> = {
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  GetAccessKeyInfo: getAccessKeyInfo,
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
};

export interface StsServiceOptions {
  readonly store: IdentityStore;
  /** Whose web identity tokens can be checked. */
  readonly issuers?: WebIdentityIssuers;
}

/** STS over a store. */
export function createStsService({ store, issuers = new Map() }: StsServiceOptions): {
  handle(request: SandboxRequest): Promise<SandboxResponse>;
} {
  return createQueryService({
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    version: '2011-06-15',
    operations: OPERATIONS,
    context: { store, issuers },
  });
}
