import type { Constraint } from '../constraints';
import type { RoleRecord, UserRecord } from '../identity-records';
import type { QueryCall, QueryOperation } from '../query-service';
import { elements } from '../xml';
import {
  authorizedRole,
  authorizedUser,
  type IamContext,
  limitExceeded,
  noSuchEntity,
  visiblePolicy,
} from './iam-call';
import { ENTITY_NAME, PAGING, PATH_PREFIX, POLICY_ARN } from './iam-params';
import { pageElements } from './paging';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entities */
const MAX_ATTACHED = 10;

type Find = (call: QueryCall, context: IamContext) => RoleRecord | UserRecord;

function operationsOf(kind: 'Role' | 'User'): Readonly<Record<string, QueryOperation<IamContext>>> {
  const name: Readonly<Record<string, Constraint>> =
    kind === 'Role' ? { RoleName: ENTITY_NAME } : { UserName: ENTITY_NAME };
  const find: Find = (call, context) => {
    const arn = call.params.get('PolicyArn');
    const more = arn === undefined ? undefined : { 'iam:PolicyARN': arn };
    return kind === 'Role' ? authorizedRole(call, context, more) : authorizedUser(call, context, more);
  };
  return {
    [`Attach${kind}Policy`]: {
      params: { ...name, PolicyArn: POLICY_ARN },
      run(call, context) {
        const holder = find(call, context);
        const arn = call.params.text('PolicyArn');
        if (!visiblePolicy(call, context.store, arn)) {
          throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
        }
        if (!holder.attached.has(arn) && holder.attached.size >= MAX_ATTACHED) {
          throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${MAX_ATTACHED}`);
        }
        holder.attached.add(arn);
      },
    },
    [`Detach${kind}Policy`]: {
      params: { ...name, PolicyArn: POLICY_ARN },
      run(call, context) {
        const arn = call.params.text('PolicyArn');
        if (!find(call, context).attached.delete(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      },
    },
    [`ListAttached${kind}Policies`]: {
      params: { ...PAGING, ...name, PathPrefix: PATH_PREFIX },
      run(call, context) {
        const prefix = call.params.get('PathPrefix') ?? '/';
        const policies = [...find(call, context).attached]
          .flatMap(arn => context.store.findPolicy(arn) ?? [])
          .filter(({ path }) => path.startsWith(prefix));
        return pageElements(
          call.params,
          'AttachedPolicies',
          policies,
          policy => policy.arn,
          policy => elements({ PolicyName: policy.name, PolicyArn: policy.arn }),
        );
      },
    },
  };
}

export const ATTACHMENT_OPERATIONS = { ...operationsOf('Role'), ...operationsOf('User') };
