import { type Constraint, checkConstraints } from './constraints';
import { type SandboxRequest, type SandboxResponse, ServiceError } from './service';
import { element, elements, type XmlElement, type XmlValue, xmlDocument } from './xml';

/** One call of the AWS query protocol, its parameters checked against the operation's constraints. */
export interface QueryCall {
  readonly request: SandboxRequest;
  readonly action: string;
  readonly params: QueryParams;
}

export interface QueryOperation<T = void> {
  /** Every parameter that it acts upon, lists without `.member.N`: a call with another one is not carried out. */
  readonly params: Readonly<Record<string, Constraint>>;
  /** Whether it takes unsigned calls too. */
  readonly isOpen?: boolean;
  /** The content of the result element; without one the answer has none. */
  readonly run: ((call: QueryCall, context: T) => XmlValue) | ((call: QueryCall, context: T) => void);
}

export interface QueryServiceOptions<T> {
  readonly namespace: string;
  readonly version: string;
  readonly operations: Readonly<Record<string, QueryOperation<T>>>;
  readonly context: T;
}

/**
 * Reads a call from a form (or a query), finds its operation and prints its answer.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function createQueryService<T>(options: QueryServiceOptions<T>) {
  return {
    async handle(request: SandboxRequest): Promise<SandboxResponse> {
      const values = await readParameters(request);
      const action = values.get('Action');
      if (action === undefined) throw new ServiceError('MissingAction', 400, 'Could not find an action to perform.');
      const operation = Object.hasOwn(options.operations, action) ? options.operations[action] : undefined;
      if (!request.caller && !operation?.isOpen) {
        throw new ServiceError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
      }
      const version = values.get('Version');
      if (version !== undefined && version !== options.version) {
        throw new ServiceError('NoSuchVersion', 400, `The requested version (${version}) is not valid.`);
      }
      if (!operation) {
        throw new ServiceError('NotImplemented', 501, `The sandbox does not implement ${action}.`);
      }
      const params = new QueryParams(values);
      const unknown = params.names().find(name => !Object.hasOwn(operation.params, name) && !PROTOCOL.has(name));
      if (unknown !== undefined) {
        throw new ServiceError('NotImplemented', 501, `The sandbox does not implement ${unknown} of ${action}.`);
      }
      checkConstraints(params, operation.params);
      const result = operation.run({ request, action, params }, options.context) ?? undefined;
      const body = xmlDocument(
        `${action}Response`,
        [element(`${action}Result`, result), element('ResponseMetadata', elements({ RequestId: request.requestId }))],
        options.namespace,
      );
      return { status: 200, headers: { 'content-type': 'text/xml' }, body };
    },
  };
}

/** Parameters of every call: the protocol's own, and those of a signature in the query. */
const PROTOCOL: { has(name: string): boolean } = {
  has: name => /^(Action|Version|X-Amz-.*|AWSAccessKeyId|Signature.*|Timestamp|SecurityToken)$/i.test(name),
};

async function readParameters(request: SandboxRequest): Promise<Map<string, string>> {
  const pieces: Buffer[] = [];
  for await (const piece of request.body) pieces.push(piece as Buffer);
  const values = new Map<string, string>();
  const form = new URLSearchParams(Buffer.concat(pieces).toString('utf8'));
  for (const [name, value] of [...form, ...request.query]) if (!values.has(name)) values.set(name, value);
  return values;
}

/** Parameters as the protocol flattens them: `Tags.member.1.Key`. */
export class QueryParams {
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  /** The top-level names. */
  names(): string[] {
    return [...new Set([...this.values.keys()].map(name => name.split('.')[0]!))];
  }

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  /** A parameter that the operation's constraints demand. */
  text(name: string): string {
    return this.values.get(name) ?? '';
  }

  number(name: string): number | undefined {
    const value = this.values.get(name);
    return value === undefined ? undefined : Number(value);
  }

  /** The values of `name.member.N`, in the order of N. */
  list(name: string): string[] {
    return this.members(name)
      .map(member => member.get(''))
      .filter(value => value !== undefined);
  }

  /** Each `name.member.N` with its own parameters; that of a plain value is named ''. */
  members(name: string): QueryParams[] {
    const prefix = `${name}.member.`;
    const found = new Map<number, Map<string, string>>();
    for (const [key, value] of this.values) {
      if (!key.startsWith(prefix)) continue;
      const [index = '', ...rest] = key.slice(prefix.length).split('.');
      const at = Number(index);
      if (!Number.isInteger(at)) continue;
      const member = found.get(at) ?? new Map<string, string>();
      member.set(rest.join('.'), value);
      found.set(at, member);
    }
    return [...found].sort(([a], [b]) => a - b).map(([, member]) => new QueryParams(member));
  }
}

/** A list as the protocol prints it. */
export function members(values: Iterable<XmlValue>): XmlElement[] {
  return Array.from(values, value => element('member', value));
}

/** ISO 8601 in whole seconds. */
export function isoTime(date: Date): string {
  return date.toISOString().replace(/\.\d{3}/, '');
}
