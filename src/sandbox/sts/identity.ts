import { accessDenied, decide, notAuthorized, reasonOf } from '../authorization';
import { validationError } from '../constraints';
import type { QueryCall, QueryOperation } from '../query-service';
import type { Caller } from '../service';
import { elements } from '../xml';
import { credentialElements, type StsContext } from './sts-context';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: nobody can be denied it. */
export const getCallerIdentity: QueryOperation<StsContext> = {
  params: {},
  run({ request }) {
    const { userId, account, callerArn } = request.caller!;
    return elements({ UserId: userId, Account: account, Arn: callerArn });
  },
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export const getSessionToken: QueryOperation<StsContext> = {
  params: { DurationSeconds: { kind: 'number', least: 900, most: 129_600 } },
  run({ request, params }, { store }) {
    const caller = request.caller!;
    const user = caller.expiration ? undefined : store.findUserByArn(caller.arn);
    if (!user) throw accessDenied('Cannot call GetSessionToken with session credentials');
    const session = store.createSession({ principal: user, duration: params.number('DurationSeconds') ?? 43_200 });
    return elements({ Credentials: credentialElements(session) });
  },
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html */
export const getAccessKeyInfo: QueryOperation<StsContext> = {
  params: { AccessKeyId: { isRequired: true, min: 16, max: 128, pattern: /^[\w]*$/ } },
  run(call, { store }) {
    authorizeSts(call, 'sts:GetAccessKeyInfo');
    const id = call.params.text('AccessKeyId');
    const account = store.findSession(id)?.account ?? store.findAccessKey(id)?.user.account;
    if (account === undefined) {
      throw validationError(`Invalid access key: ${id}`);
    }
    return elements({ Account: account });
  },
};

function authorizeSts({ request }: QueryCall, action: string): void {
  const caller = request.caller as Caller;
  if (caller.isAdmin) return;
  const decision = decide(request, {
    action,
    resource: '*',
    resourceAccount: caller.account,
    resourcePolicy: undefined,
    context: {},
  });
  if (decision.decision !== 'allowed') {
    throw accessDenied(`${notAuthorized(caller, action, '*')} ${reasonOf(decision, action)}`);
  }
}
