import type { RoleRecord, UserRecord } from '../identity-records';
import { policyRecord, policySize } from '../policy-record';
import type { QueryCall, QueryOperation } from '../query-service';
import { percentEncode } from '../request-target';
import { elements } from '../xml';
import { authorizedRole, authorizedUser, type IamContext, limitExceeded, noSuchEntity } from './iam-call';
import { ENTITY_NAME, PAGING, POLICY_DOCUMENT, POLICY_NAME } from './iam-params';
import { pageElements } from './paging';

/** What differs between the inline policies of roles and of users. */
interface Holder {
  readonly word: 'role' | 'user';
  readonly parameter: 'RoleName' | 'UserName';
  /** Bytes of all its inline policies together. */
  readonly maxSize: number;
  find(call: QueryCall, context: IamContext): RoleRecord | UserRecord;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
const ROLE: Holder = { word: 'role', parameter: 'RoleName', maxSize: 10_240, find: authorizedRole };
const USER: Holder = {
  word: 'user',
  parameter: 'UserName',
  maxSize: 2048,
  find: (call, context) => authorizedUser(call, context),
};

function operationsOf({
  word,
  parameter,
  maxSize,
  find,
}: Holder): Readonly<Record<string, QueryOperation<IamContext>>> {
  const name = ENTITY_NAME;
  const kind = word === 'role' ? 'Role' : 'User';
  const missing = (policy: string) => noSuchEntity(`The ${word} policy with name ${policy} cannot be found.`);
  return {
    [`Put${kind}Policy`]: {
      params: { [parameter]: name, PolicyName: POLICY_NAME, PolicyDocument: POLICY_DOCUMENT },
      run(call, context) {
        const holder = find(call, context);
        const policyName = call.params.text('PolicyName');
        const record = policyRecord(call.params.text('PolicyDocument'), 'identity');
        const others = [...holder.inline].filter(([one]) => one !== policyName);
        const size = others.reduce((sum, [, { text }]) => sum + policySize(text), policySize(record.text));
        if (size > maxSize) {
          throw limitExceeded(`Maximum policy size of ${maxSize} bytes exceeded for ${word} ${holder.name}`);
        }
        holder.inline.set(policyName, record);
      },
    },
    [`Get${kind}Policy`]: {
      params: { [parameter]: name, PolicyName: POLICY_NAME },
      run(call, context) {
        const holder = find(call, context);
        const policyName = call.params.text('PolicyName');
        const record = holder.inline.get(policyName);
        if (!record) throw missing(policyName);
        return elements({
          [parameter]: holder.name,
          PolicyName: policyName,
          PolicyDocument: percentEncode(record.text),
        });
      },
    },
    [`List${kind}Policies`]: {
      params: { ...PAGING, [parameter]: name },
      run(call, context) {
        const names = find(call, context).inline.keys();
        return pageElements(
          call.params,
          'PolicyNames',
          names,
          one => one,
          one => one,
        );
      },
    },
    [`Delete${kind}Policy`]: {
      params: { [parameter]: name, PolicyName: POLICY_NAME },
      run(call, context) {
        const policyName = call.params.text('PolicyName');
        if (!find(call, context).inline.delete(policyName)) throw missing(policyName);
      },
    },
  };
}

export const INLINE_POLICY_OPERATIONS = { ...operationsOf(ROLE), ...operationsOf(USER) };
