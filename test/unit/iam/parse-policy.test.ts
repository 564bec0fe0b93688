import { describe, expect, it } from 'vitest';
import { type PolicyGrammar, parsePolicyText } from '../../../src/core/iam/parse-policy';

const statement = (extra: object = {}) => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...extra });
const text = (value: unknown) => JSON.stringify({ Version: '2012-10-17', Statement: value });
const messages = (source: string, grammar?: PolicyGrammar) =>
  parsePolicyText(source, grammar).problems.map(problem => problem.message);

describe('a right policy', () => {
  it('has its statements as a list, whether written so or not', () => {
    for (const value of [statement(), [statement()]]) {
      expect(parsePolicyText(text(value))).toEqual({
        document: { Version: '2012-10-17', Statement: [statement()] },
        problems: [],
      });
    }
  });

  it.each<[PolicyGrammar, object]>([
    ['identity', { Effect: 'Deny', NotAction: ['s3:*'], NotResource: 'arn:aws:s3:::b/*', Sid: 'A1' }],
    [
      'identity',
      statement({ Condition: { Bool: { 'aws:SecureTransport': false }, 'ForAnyValue:StringLikeIfExists': {} } }),
    ],
    ['resource', statement({ Principal: '*', Sid: 'with blanks' })],
    ['resource', statement({ NotPrincipal: { AWS: ['123456789012', 'arn:aws:iam::123456789012:user/a/b'] } })],
    ['trust', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
    [
      'trust',
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:sts::123456789012:assumed-role/r/s' } },
    ],
  ])('of an %s', (grammar, value) => {
    expect(messages(text(value), grammar)).toEqual([]);
  });
});

describe('what is not JSON', () => {
  it.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['a trailing comma', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":["*",]}]}'],
    ['a comment', `// policy\n${text(statement())}`],
    ['a first brace that is missing', text(statement()).slice(1)],
    ['something after the end', `${text(statement())} x`],
    ['a byte order mark', `\uFEFF${text(statement())}`],
    ['a bare control character', text(statement({ Sid: 'a' })).replace('"a"', '"a\tb"')],
    ['very deep nesting', '['.repeat(200_000)],
  ])('%s', (_name, source) => {
    const { document, problems } = parsePolicyText(source);
    expect(document).toBeUndefined();
    expect(problems[0]?.message).toBe('Syntax errors in policy.');
  });
});

describe("IAM's grammar", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
  it.each<[string, PolicyGrammar, unknown, string]>([
    ['no Effect', 'identity', { Action: '*', Resource: '*' }, 'Missing required field Effect'],
    ['an Effect in small letters', 'identity', statement({ Effect: 'allow' }), 'Invalid effect: allow'],
    ['no Action', 'identity', { Effect: 'Allow', Resource: '*' }, 'Policy statement must contain actions.'],
    ['no Resource', 'identity', { Effect: 'Allow', Action: '*' }, 'Policy statement must contain resources.'],
    ['both Actions', 'identity', statement({ NotAction: '*' }), 'Statement contains both Action and NotAction'],
    ['both Resources', 'identity', statement({ NotResource: '*' }), 'Statement contains both Resource and NotResource'],
    ['an unknown element', 'identity', statement({ Comment: 'x' }), 'Unknown field Comment'],
    ['a Principal', 'identity', statement({ Principal: '*' }), 'Policy document should not specify a principal.'],
    ['no Principal', 'resource', statement(), 'Missing required field Principal'],
    [
      'a Resource in a trust policy',
      'trust',
      statement({ Action: 'sts:AssumeRole', Principal: '*' }),
      'Has prohibited field Resource',
    ],
    [
      'an unknown operator',
      'identity',
      statement({ Condition: { Equals: { a: 'b' } } }),
      'Invalid Condition type : Equals.',
    ],
    [
      'Null with IfExists',
      'identity',
      statement({ Condition: { NullIfExists: { a: 'true' } } }),
      'Invalid Condition type : NullIfExists.',
    ],
    ['a number for an action', 'identity', statement({ Action: 1 }), 'Syntax errors in policy.'],
    ['an object for a value', 'identity', statement({ Condition: { Bool: { a: {} } } }), 'Syntax errors in policy.'],
    ['an unknown kind of principal', 'resource', statement({ Principal: { User: 'x' } }), 'Unknown field User'],
    ['a principal without kind', 'resource', statement({ Principal: 'x' }), 'Invalid principal in policy.'],
  ])('%s', (_name, grammar, value, message) => {
    expect(messages(text(value), grammar)).toEqual([message]);
    expect(parsePolicyText(text(value), grammar).document).toBeUndefined();
  });

  it.each<[string, PolicyGrammar, unknown, string]>([
    ['no statements', 'identity', [], 'Statement is empty!'],
    ['one Sid twice', 'identity', [statement({ Sid: 'A' }), statement({ Sid: 'A' })], 'must be unique'],
    ['a Sid with a hyphen', 'identity', statement({ Sid: 'a-b' }), 'must be alpha-numeric'],
    ['an action without service', 'identity', statement({ Action: 'PutObject' }), 'prefaced by a vendor'],
    ['a resource that is no ARN', 'identity', statement({ Resource: 'bucket/*' }), 'must be in ARN format'],
    [
      'a wildcard in a principal',
      'resource',
      statement({ Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } }),
      'Invalid principal',
    ],
    [
      'an S3 action in a trust policy',
      'trust',
      { Effect: 'Allow', Principal: '*', Action: 's3:PutObject' },
      'only specify STS',
    ],
  ])('%s is refused, but its meaning is clear', (_name, grammar, value, message) => {
    const { document, problems } = parsePolicyText(text(value), grammar);
    expect(problems.map(problem => problem.message)).toEqual([expect.stringContaining(message)]);
    expect(document).toBeDefined();
  });

  it('names a version that IAM does not know', () => {
    const source = JSON.stringify({ Version: '2012-10-18', Statement: statement() });
    const [problem] = parsePolicyText(source).problems;
    expect(source.slice(problem?.range.start, problem?.range.end)).toBe('"2012-10-18"');
  });

  it('refuses a key that stands twice', () => {
    const source = text(statement()).replace('"Effect"', '"Effect":"Deny","Effect"');
    expect(messages(source)).toEqual(['Duplicate field Effect']);
  });
});
