import { ServiceError } from './service';

/** What the first line of a request asks for, before anything is decoded. */
export interface RequestTarget {
  /** Still percent-encoded. */
  readonly rawPath: string;
  /** Decoded, in order; a parameter without `=` has the value ''. */
  readonly query: ReadonlyArray<readonly [string, string]>;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function invalidUri(): ServiceError {
  return new ServiceError('InvalidURI', 400, "Couldn't parse the specified URI.");
}

/** Percent-decodes to UTF-8, once. Throws InvalidURI for a broken escape or bytes that are no UTF-8. */
export function percentDecode(text: string): string {
  if (!/[%\u0080-\uffff]/.test(text)) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x25) {
      bytes.push(code & 0xff);
      continue;
    }
    const hex = text.slice(i + 1, i + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw invalidUri();
    bytes.push(Number.parseInt(hex, 16));
    i += 2;
  }
  try {
    return strictUtf8.decode(Uint8Array.from(bytes));
  } catch {
    throw invalidUri();
  }
}

/**
 * Percent-encodes every byte but the unreserved ones (RFC 3986), as Signature Version 4 asks for.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => '%' + char.charCodeAt(0).toString(16).toUpperCase());
}

/** Like {@link percentEncode}, but leaves `/` alone. */
export function percentEncodePath(path: string): string {
  return path.split('/').map(percentEncode).join('/');
}

/** Takes a request's target apart. An absolute form, as sent to a proxy, loses its origin. */
export function parseRequestTarget(url: string): RequestTarget {
  const relative = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '');
  const mark = relative.indexOf('?');
  const rawPath = (mark < 0 ? relative : relative.slice(0, mark)) || '/';
  const rawQuery = mark < 0 ? '' : relative.slice(mark + 1);
  const query = rawQuery
    .split('&')
    .filter(part => part !== '')
    .map(part => {
      const equals = part.indexOf('=');
      const name = equals < 0 ? part : part.slice(0, equals);
      const value = equals < 0 ? '' : part.slice(equals + 1);
      return [decodeQueryPart(name), decodeQueryPart(value)] as const;
    });
  return { rawPath, query };
}

function decodeQueryPart(text: string): string {
  return percentDecode(text.replaceAll('+', ' '));
}
