const UNRESERVED = /^[A-Za-z0-9\-_.~]*$/;
const UNRESERVED_PATH = /^[A-Za-z0-9\-_.~/]*$/;

function encodeMarks(text: string): string {
  return text.replace(/[!'()*]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * Percent-encodes every byte of the UTF-8 text but RFC 3986's unreserved ones, as Signature Version 4 wants it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function encodeUri(text: string): string {
  if (UNRESERVED.test(text)) return text;
  try {
    return encodeMarks(encodeURIComponent(text));
  } catch {
    // A lone surrogate has no UTF-8 form; it becomes U+FFFD, as in every other conversion to bytes.
    return encodeMarks(encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')));
  }
}

/** Encodes an object's key for the path of a request: `/` stays, and nothing is normalised (`//`, `..` are parts of a key). */
export function encodeKey(key: string): string {
  return UNRESERVED_PATH.test(key) ? key : encodeUri(key).replace(/%2F/g, '/');
}
