import type { QueryCall, QueryOperation } from '../query-service';
import { authorizedRole, authorizedUser, type IamContext, noSuchEntity, visiblePolicy } from './iam-call';
import { ENTITY_NAME, POLICY_ARN } from './iam-params';

/** The boundary that a call names, which has to exist. */
export function boundaryOf(call: QueryCall, { store }: IamContext): string | undefined {
  const arn = call.params.get('PermissionsBoundary');
  if (arn !== undefined && !visiblePolicy(call, store, arn)) {
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  }
  return arn;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
export const BOUNDARY_OPERATIONS: Readonly<Record<string, QueryOperation<IamContext>>> = {
  PutRolePermissionsBoundary: {
    params: { RoleName: ENTITY_NAME, PermissionsBoundary: POLICY_ARN },
    run(call, context) {
      const asked = { 'iam:PermissionsBoundary': call.params.text('PermissionsBoundary') };
      authorizedRole(call, context, asked).boundaryArn = boundaryOf(call, context);
    },
  },
  DeleteRolePermissionsBoundary: {
    params: { RoleName: ENTITY_NAME },
    run(call, context) {
      const role = authorizedRole(call, context);
      if (role.boundaryArn === undefined) throw noSuchEntity(`The role ${role.name} does not have a boundary.`);
      delete role.boundaryArn;
    },
  },
  PutUserPermissionsBoundary: {
    params: { UserName: ENTITY_NAME, PermissionsBoundary: POLICY_ARN },
    run(call, context) {
      const asked = { 'iam:PermissionsBoundary': call.params.text('PermissionsBoundary') };
      authorizedUser(call, context, asked).boundaryArn = boundaryOf(call, context);
    },
  },
  DeleteUserPermissionsBoundary: {
    params: { UserName: ENTITY_NAME },
    run(call, context) {
      const user = authorizedUser(call, context);
      if (user.boundaryArn === undefined) throw noSuchEntity(`The user ${user.name} does not have a boundary.`);
      delete user.boundaryArn;
    },
  },
};
