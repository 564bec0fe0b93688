import type { ServiceName } from './authenticate';
import { type SandboxResponse, ServiceError } from './service';
import { element, elements, printXml, XML_DECLARATION, xmlDocument } from './xml';

const NAMESPACES = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
} as const;

/** A ServiceError as it is, by name so that it holds across copies of the class; anything else is an InternalError. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('InternalError', 500, 'We encountered an internal error. Please try again.');
}

/**
 * The XML of an error, as the service's protocol prescribes it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses and
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
 */
export function errorAnswer(
  error: ServiceError,
  service: ServiceName,
  request: { readonly requestId: string; readonly hostId: string; readonly resource: string },
): SandboxResponse {
  if (service === 's3') {
    const body =
      XML_DECLARATION +
      printXml(
        element(
          'Error',
          elements({
            Code: error.code,
            Message: error.message,
            ...error.details,
            ...(error.details.Key === undefined && { Resource: request.resource }),
            RequestId: request.requestId,
            HostId: request.hostId,
          }),
        ),
      );
    return { status: error.status, headers: { 'content-type': 'application/xml', ...error.headers }, body };
  }
  const body = xmlDocument(
    'ErrorResponse',
    elements({
      Error: elements({
        Type: error.status >= 500 ? 'Receiver' : 'Sender',
        Code: error.code,
        Message: error.message,
        ...error.details,
      }),
      RequestId: request.requestId,
    }),
    NAMESPACES[service],
  );
  return { status: error.status, headers: { 'content-type': 'text/xml', ...error.headers }, body };
}
