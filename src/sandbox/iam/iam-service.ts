import type { IdentityStore } from '../identity-store';
import { createQueryService, type QueryOperation } from '../query-service';
import type { SandboxRequest, SandboxResponse } from '../service';

export interface IamContext {
  readonly store: IdentityStore;
}

const OPERATIONS: Readonly<Record<string, QueryOperation<IamContext>>> = {};

/** IAM over a store: the callers' own accounts. */
export function createIamService(context: IamContext): { handle(request: SandboxRequest): Promise<SandboxResponse> } {
  return createQueryService({
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    version: '2010-05-08',
    operations: OPERATIONS,
    context,
  });
}
