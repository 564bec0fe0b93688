import { type Constraint, validationError } from '../constraints';
import { isoTime, members, type QueryOperation } from '../query-service';
import { requestTagContext, tagElements, tagsOf } from '../tags';
import { elements } from '../xml';
import {
  accountOf,
  alreadyExists,
  authorize,
  authorizedProvider,
  type IamContext,
  limitExceeded,
  listTarget,
} from './iam-call';
import { TAGS } from './iam-params';

const PROVIDER_ARN: Constraint = { isRequired: true, min: 20, max: 2048 };
const CLIENT_ID: Constraint = { isRequired: true, min: 1, max: 255 };
const MAX_CLIENT_IDS = 100;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
export const OIDC_OPERATIONS: Readonly<Record<string, QueryOperation<IamContext>>> = {
  CreateOpenIDConnectProvider: {
    params: {
      Url: { isRequired: true, min: 1, max: 255 },
      ClientIDList: { kind: 'list', max: MAX_CLIENT_IDS },
      ThumbprintList: { kind: 'list', max: 5 },
      Tags: TAGS,
    },
    run(call, context) {
      const { params } = call;
      const url = params.text('Url');
      const issuer = /^https:\/\/([^\s?#]+)$/i.exec(url)?.[1];
      const account = accountOf(call, context);
      const arn = `arn:${account.partition}:iam::${account.id}:oidc-provider/${issuer ?? url}`;
      const tags = tagsOf(params);
      authorize(call, { arn, text: arn }, requestTagContext(tags));
      if (issuer === undefined) throw validationError('Invalid Open ID Connect Provider URL');
      if (account.oidcProviders.has(arn)) throw alreadyExists(`Provider with url ${url} already exists.`);
      const provider = context.store.createOidcProvider({
        account: account.id,
        issuer,
        clientIds: params.list('ClientIDList'),
        thumbprints: params.list('ThumbprintList'),
        tags,
      });
      return elements({
        OpenIDConnectProviderArn: provider.arn,
        Tags: tags.size === 0 ? undefined : tagElements(tags),
      });
    },
  },
  GetOpenIDConnectProvider: {
    params: { OpenIDConnectProviderArn: PROVIDER_ARN },
    run(call, context) {
      const provider = authorizedProvider(call, context);
      return elements({
        Url: provider.issuer,
        ClientIDList: members(provider.clientIds),
        ThumbprintList: members(provider.thumbprints),
        CreateDate: isoTime(provider.created),
        Tags: provider.tags.size === 0 ? undefined : tagElements(provider.tags),
      });
    },
  },
  ListOpenIDConnectProviders: {
    params: {},
    run(call, context) {
      authorize(call, listTarget(call, context, 'oidc-provider'));
      const providers = [...accountOf(call, context).oidcProviders.keys()];
      return elements({ OpenIDConnectProviderList: members(providers.map(Arn => elements({ Arn }))) });
    },
  },
  DeleteOpenIDConnectProvider: {
    params: { OpenIDConnectProviderArn: PROVIDER_ARN },
    run(call, context) {
      const { arn } = authorizedProvider(call, context);
      accountOf(call, context).oidcProviders.delete(arn);
    },
  },
  AddClientIDToOpenIDConnectProvider: {
    params: { OpenIDConnectProviderArn: PROVIDER_ARN, ClientID: CLIENT_ID },
    run(call, context) {
      const { clientIds } = authorizedProvider(call, context);
      if (clientIds.size >= MAX_CLIENT_IDS) {
        throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${MAX_CLIENT_IDS}`);
      }
      clientIds.add(call.params.text('ClientID'));
    },
  },
  RemoveClientIDFromOpenIDConnectProvider: {
    params: { OpenIDConnectProviderArn: PROVIDER_ARN, ClientID: CLIENT_ID },
    run(call, context) {
      authorizedProvider(call, context).clientIds.delete(call.params.text('ClientID'));
    },
  },
};
