import { ServiceError } from './service';

/** How a service words the refusal of a signature. */
export interface AuthenticationErrors {
  unknownKey(accessKeyId: string): ServiceError;
  badSignature(
    given: { readonly accessKeyId: string; readonly signature: string },
    stringToSign: string,
    canonicalRequest: string,
  ): ServiceError;
  badToken(): ServiceError;
  expiredToken(): ServiceError;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const s3Errors: AuthenticationErrors = {
  unknownKey: accessKeyId =>
    new ServiceError('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.', {
      AWSAccessKeyId: accessKeyId,
    }),
  badSignature: (given, text, canonical) =>
    new ServiceError(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        AWSAccessKeyId: given.accessKeyId,
        StringToSign: text,
        SignatureProvided: given.signature,
        StringToSignBytes: spacedHex(text),
        CanonicalRequest: canonical,
        CanonicalRequestBytes: spacedHex(canonical),
      },
    ),
  // AWS repeats the token in an element of its own; here it stays out of every answer, and so of every log.
  badToken: () => new ServiceError('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'),
  expiredToken: () => new ServiceError('ExpiredToken', 400, 'The provided token has expired.'),
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export const queryErrors: AuthenticationErrors = {
  unknownKey: () =>
    new ServiceError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.'),
  badSignature: () =>
    new ServiceError(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    ),
  badToken: () =>
    new ServiceError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.'),
  expiredToken: () => new ServiceError('ExpiredToken', 403, 'The security token included in the request is expired'),
};

function spacedHex(text: string): string {
  return (Buffer.from(text, 'latin1').toString('hex').match(/../g) ?? []).join(' ');
}
