import type { SessionRecord } from '../identity-records';
import type { IdentityStore } from '../identity-store';
import { isoTime } from '../query-service';
import { elements, type XmlElement } from '../xml';
import type { WebIdentityIssuers } from './web-identity';

export interface StsContext {
  readonly store: IdentityStore;
  readonly issuers: WebIdentityIssuers;
}

export function credentialElements(session: SessionRecord): XmlElement[] {
  return elements({
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: session.expiration && isoTime(session.expiration),
  });
}
