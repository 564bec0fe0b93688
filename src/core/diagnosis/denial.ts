/** The kinds of policy that AWS names in its access denied messages. */
type DenyingPolicy = 'identity' | 'resource' | 'boundary' | 'session' | 'scp' | 'rcp' | 'vpc-endpoint';

/** What an access denied message of AWS says. Within one account or organization it is detailed, across accounts bare. */
export interface Denial {
  readonly principal?: string;
  /** `s3:PutObject` */
  readonly action?: string;
  readonly resource?: string;
  /** `explicit`: a Deny statement; `implicit`: no statement allows; absent: not said. */
  readonly effect?: 'explicit' | 'implicit';
  readonly policy?: DenyingPolicy;
}

const POLICY_WORDS: readonly (readonly [RegExp, DenyingPolicy])[] = [
  [/identity-based/i, 'identity'],
  [/resource-based|trust/i, 'resource'],
  [/permissions? boundar/i, 'boundary'],
  [/session/i, 'session'],
  [/service control/i, 'scp'],
  [/resource control/i, 'rcp'],
  [/vpc endpoint/i, 'vpc-endpoint'],
];

/**
 * Reads AWS's access denied messages.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function parseDenial(message: string): Denial {
  const explicit =
    /with an explicit deny(?: in (?:an?|the) ([\w-]+(?: [\w-]+)?) ?polic|(?: in (?:an?|the) (permissions? boundary)))?/i.exec(
      message,
    );
  const implicit = /because no ([\w -]+?) (?:polic(?:y|ies) )?allows?/i.exec(message);
  const words = explicit ? (explicit[1] ?? explicit[2]) : implicit?.[1];
  return {
    principal: /\bUser: (\S+)/.exec(message)?.[1],
    action: /not authorized to perform:? ([\w-]+:\w+)/i.exec(message)?.[1],
    resource: /on (?:the )?resource:? "?([^\s"]+)"?/.exec(message)?.[1],
    effect: explicit ? 'explicit' : implicit ? 'implicit' : undefined,
    policy: words === undefined ? undefined : POLICY_WORDS.find(([form]) => form.test(words))?.[1],
  };
}
