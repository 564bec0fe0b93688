import { createQueryService, type QueryOperation } from '../query-service';
import type { SandboxRequest, SandboxResponse } from '../service';
import { ATTACHMENT_OPERATIONS } from './attachments';
import { BOUNDARY_OPERATIONS } from './boundaries';
import type { IamContext } from './iam-call';
import { INLINE_POLICY_OPERATIONS } from './inline-policies';
import { MANAGED_POLICY_OPERATIONS } from './managed-policies';
import { OIDC_OPERATIONS } from './oidc-providers';
import { ROLE_OPERATIONS } from './roles';
import { SIMULATION_OPERATIONS } from './simulate';
import { TAG_OPERATIONS } from './tagging';
import { USER_OPERATIONS } from './users';

const OPERATIONS: Readonly<Record<string, QueryOperation<IamContext>>> = {
  ...ROLE_OPERATIONS,
  ...USER_OPERATIONS,
  ...BOUNDARY_OPERATIONS,
  ...INLINE_POLICY_OPERATIONS,
  ...MANAGED_POLICY_OPERATIONS,
  ...ATTACHMENT_OPERATIONS,
  ...TAG_OPERATIONS,
  ...OIDC_OPERATIONS,
  ...SIMULATION_OPERATIONS,
};

/** IAM over a store: each caller's own account. */
export function createIamService(context: IamContext): { handle(request: SandboxRequest): Promise<SandboxResponse> } {
  return createQueryService({
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    version: '2010-05-08',
    operations: OPERATIONS,
    context,
  });
}
