/** What a log may hold that gives access: a signed address's parameters, keys and tokens, a password in an address. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/([?&](?:X-Amz-(?:Signature|Security-Token|Credential)|AWSAccessKeyId|Signature)=)[^&\s"']+/gi, '$1***'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '***'],
  [/((?:aws_)?(?:secret_access_key|session_token|security_token)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, '$1***'],
  [/(\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g, '$1***'],
];

/** A text of a log without what gives access. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, [form, instead]) => rest.replace(form, instead), text);
}
