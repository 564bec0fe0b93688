import { compactContext } from '../authorization';
import { members, type QueryOperation } from '../query-service';
import { requestTagContext, tagsOf } from '../tags';
import { element, elements } from '../xml';
import { boundaryOf } from './boundaries';
import {
  accountOf,
  alreadyExists,
  authorize,
  authorizedUser,
  deleteConflict,
  type IamContext,
  limitExceeded,
  listTarget,
  newTarget,
  noSuchEntity,
  userNameOrOwn,
} from './iam-call';
import { ENTITY_NAME, OPTIONAL_ARN, OPTIONAL_USER_NAME, PAGING, PATH, PATH_PREFIX, TAGS } from './iam-params';
import { pageElements } from './paging';
import { accessKeyElements, userElements } from './print';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html */
const createUser: QueryOperation<IamContext> = {
  params: { UserName: ENTITY_NAME, Path: PATH, PermissionsBoundary: OPTIONAL_ARN, Tags: TAGS },
  run(call, context) {
    const { params } = call;
    const name = params.text('UserName');
    const tags = tagsOf(params);
    authorize(call, newTarget(call, context, 'user', name), {
      ...requestTagContext(tags),
      ...compactContext({ 'iam:PermissionsBoundary': params.get('PermissionsBoundary') }),
    });
    const account = accountOf(call, context);
    const isTaken = [...account.users.keys()].some(one => one.toLowerCase() === name.toLowerCase());
    if (isTaken) throw alreadyExists(`User with name ${name} already exists.`);
    const boundaryArn = boundaryOf(call, context);
    const user = context.store.createUser({ account: account.id, name, path: params.get('Path'), boundaryArn, tags });
    return elements({ User: userElements(user) });
  },
};

const getUser: QueryOperation<IamContext> = {
  params: { UserName: OPTIONAL_USER_NAME },
  run: (call, context) =>
    elements({ User: userElements(authorizedUser(call, context, undefined, userNameOrOwn(call))) }),
};

const listUsers: QueryOperation<IamContext> = {
  params: { ...PAGING, PathPrefix: PATH_PREFIX },
  run(call, context) {
    authorize(call, listTarget(call, context, 'user'));
    const prefix = call.params.get('PathPrefix') ?? '/';
    const users = [...accountOf(call, context).users.values()].filter(user => user.path.startsWith(prefix));
    return pageElements(
      call.params,
      'Users',
      users,
      user => user.name,
      user => userElements(user, 'listed'),
    );
  },
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html */
const deleteUser: QueryOperation<IamContext> = {
  params: { UserName: ENTITY_NAME },
  run(call, context) {
    const user = authorizedUser(call, context);
    if (user.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (user.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    if (user.accessKeys.size > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.');
    context.store.deleteUser(user);
  },
};

/** There are no groups here: the answer of a user who is in none. */
const listGroupsForUser: QueryOperation<IamContext> = {
  params: { ...PAGING, UserName: ENTITY_NAME },
  run(call, context) {
    authorizedUser(call, context);
    return elements({ Groups: '', IsTruncated: false });
  },
};

const MAX_ACCESS_KEYS = 2;

const createAccessKey: QueryOperation<IamContext> = {
  params: { UserName: OPTIONAL_USER_NAME },
  run(call, context) {
    const user = authorizedUser(call, context, undefined, userNameOrOwn(call));
    if (user.accessKeys.size >= MAX_ACCESS_KEYS) {
      throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${MAX_ACCESS_KEYS}`);
    }
    const key = context.store.createAccessKey(user);
    return elements({
      AccessKey: [...accessKeyElements(user, key), element('SecretAccessKey', key.secretAccessKey)],
    });
  },
};

const listAccessKeys: QueryOperation<IamContext> = {
  params: { ...PAGING, UserName: OPTIONAL_USER_NAME },
  run(call, context) {
    const user = authorizedUser(call, context, undefined, userNameOrOwn(call));
    const keys = [...user.accessKeys.values()].map(key => accessKeyElements(user, key));
    return elements({ AccessKeyMetadata: members(keys), IsTruncated: false });
  },
};

const ACCESS_KEY_ID = { isRequired: true, min: 16, max: 128, pattern: /^\w+$/ };

const updateAccessKey: QueryOperation<IamContext> = {
  params: {
    UserName: OPTIONAL_USER_NAME,
    AccessKeyId: ACCESS_KEY_ID,
    Status: { isRequired: true, values: ['Active', 'Inactive', 'Expired'] },
  },
  run(call, context) {
    const id = call.params.text('AccessKeyId');
    const key = authorizedUser(call, context, undefined, userNameOrOwn(call)).accessKeys.get(id);
    if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
    key.isActive = call.params.get('Status') === 'Active';
  },
};

const deleteAccessKey: QueryOperation<IamContext> = {
  params: { UserName: OPTIONAL_USER_NAME, AccessKeyId: ACCESS_KEY_ID },
  run(call, context) {
    const id = call.params.text('AccessKeyId');
    const isDeleted = authorizedUser(call, context, undefined, userNameOrOwn(call)).accessKeys.delete(id);
    if (!isDeleted) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  },
};

export const USER_OPERATIONS: Readonly<Record<string, QueryOperation<IamContext>>> = {
  CreateUser: createUser,
  GetUser: getUser,
  ListUsers: listUsers,
  DeleteUser: deleteUser,
  ListGroupsForUser: listGroupsForUser,
  CreateAccessKey: createAccessKey,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
};
