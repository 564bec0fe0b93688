/** What gives access wherever it stands: a signed address's parameters, keys, tokens, a password in an address. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/([?&](?:X-Amz-(?:Signature|Security-Token|Credential)|AWSAccessKeyId|Signature)=)[^&\s"']+/gi, '$1***'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '***'],
  [
    /((?:secret_?access_?key|session_?token|security_?token|api_?token|password)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi,
    '$1***',
  ],
  [/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer ***'],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, '***'],
  [/(\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g, '$1***'],
];

/** A shorter value stands in too many other words to be taken out of them. */
const SHORTEST = 8;

/** A text without what gives access, nor any of the values that are known to be secret. */
export function maskSecrets(text: string, known: readonly string[] = []): string {
  const values = [...new Set(known.filter(value => value.length >= SHORTEST))].sort((a, b) => b.length - a.length);
  const masked = values.reduce((rest, value) => rest.replaceAll(value, '***'), text);
  return SECRETS.reduce((rest, [form, instead]) => rest.replace(form, instead), masked);
}
