import type { RequestContext } from '../../core/iam/decision';
import type { Constraint } from '../constraints';
import { validationError } from '../constraints';
import type { TagMap } from '../identity-records';
import type { QueryCall, QueryOperation } from '../query-service';
import { requestTagContext, tagElements, tagsOf } from '../tags';
import { elements } from '../xml';
import { authorizedRole, authorizedUser, changeablePolicy, type IamContext, limitExceeded } from './iam-call';
import { ENTITY_NAME, PAGING, POLICY_ARN, TAG_KEYS, TAGS } from './iam-params';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
const MAX_TAGS = 50;

type Find = (call: QueryCall, context: IamContext, more?: RequestContext) => { readonly tags: TagMap };

function operationsOf(
  kind: 'Role' | 'User' | 'Policy',
  name: Readonly<Record<string, Constraint>>,
  find: Find,
): Readonly<Record<string, QueryOperation<IamContext>>> {
  return {
    [`Tag${kind}`]: {
      params: { ...name, Tags: { ...TAGS, isRequired: true } },
      run(call, context) {
        const given = tagsOf(call.params);
        const { tags } = find(call, context, requestTagContext(given));
        const next = withTags(tags, given);
        if (next.size > MAX_TAGS) {
          throw limitExceeded(`The number of tags has reached the maximum limit of ${MAX_TAGS}.`);
        }
        tags.clear();
        for (const [key, value] of next) tags.set(key, value);
      },
    },
    [`Untag${kind}`]: {
      params: { ...name, TagKeys: TAG_KEYS },
      run(call, context) {
        const keys = call.params.list('TagKeys');
        if (keys.length === 0) throw validationError('TagKeys must name at least one key.');
        const { tags } = find(call, context, { 'aws:TagKeys': keys });
        for (const key of tags.keys()) {
          if (keys.some(one => one.toLowerCase() === key.toLowerCase())) tags.delete(key);
        }
      },
    },
    [`List${kind}Tags`]: {
      params: { ...PAGING, ...name },
      run(call, context) {
        return elements({ Tags: tagElements(find(call, context).tags), IsTruncated: false });
      },
    },
  };
}

/** A key is the same whatever its case; it takes the form that came last. */
function withTags(tags: ReadonlyMap<string, string>, given: ReadonlyMap<string, string>): Map<string, string> {
  const givenKeys = [...given.keys()].map(key => key.toLowerCase());
  return new Map([...[...tags].filter(([key]) => !givenKeys.includes(key.toLowerCase())), ...given]);
}

export const TAG_OPERATIONS = {
  ...operationsOf('Role', { RoleName: ENTITY_NAME }, authorizedRole),
  ...operationsOf('User', { UserName: ENTITY_NAME }, (call, context, more) => authorizedUser(call, context, more)),
  ...operationsOf('Policy', { PolicyArn: POLICY_ARN }, changeablePolicy),
};
