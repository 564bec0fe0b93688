import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest, PolicySet } from '../../../src/core/iam/decision';
import { evaluate } from '../../../src/core/iam/evaluate';
import { compileGlob, matchesGlob } from '../../../src/core/iam/match';
import type { PolicyDocument, PolicyStatement } from '../../../src/core/iam/policy';

const ACCOUNT = '123456789012';
const action = fc.constantFrom('s3:PutObject', 's3:GetObject', 's3:ListBucket', 'kms:Decrypt');
const key = fc.constantFrom('logs/a', 'logs/b/c', 'tmp/a:b', '');
const resource = key.map(each => `arn:aws:s3:::bucket${each && '/'}${each}`);
const pattern = fc.constantFrom(
  '*',
  'arn:aws:s3:::bucket',
  'arn:aws:s3:::bucket/*',
  'arn:aws:s3:::*/logs/?',
  'arn:aws:s3:::b*t/tmp/*',
);
const actionPattern = fc.oneof(action, fc.constantFrom('*', 's3:*', 's3:?etObject', 'S3:put*'));
const operator = fc.constantFrom(
  'StringEquals',
  'StringNotLike',
  'StringLikeIfExists',
  'ForAllValues:StringLike',
  'ForAnyValue:StringNotEquals',
  'Null',
);
const condition = fc.dictionary(
  operator,
  fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('x', 'x*', 'true', 'false')),
);

const statement = fc
  .record({
    effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
    not: fc.boolean(),
    actions: fc.array(actionPattern, { minLength: 1, maxLength: 3 }),
    resources: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    condition: fc.option(condition, { nil: undefined }),
  })
  .map(
    ({ effect, not, actions, resources, condition }): PolicyStatement => ({
      Effect: effect,
      ...(not ? { NotAction: actions } : { Action: actions }),
      Resource: resources,
      ...(condition ? { Condition: condition } : {}),
    }),
  );
const statements = fc.array(statement, { maxLength: 5 });
const context = fc.dictionary(
  fc.constantFrom('k', 'l'),
  fc.oneof(fc.constantFrom('x', 'y', ''), fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 })),
);
const request = fc.record({ action, resource, context }).map(
  (each): AuthorizationRequest => ({
    ...each,
    principal: { arn: `arn:aws:iam::${ACCOUNT}:user/u`, account: ACCOUNT },
  }),
);

const document = (Statement: readonly PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const decide = (asked: AuthorizationRequest, policies: PolicySet) => evaluate(asked, policies).decision;

describe('laws', () => {
  it('an explicit deny stays one, whatever is added', () => {
    fc.assert(
      fc.property(request, statements, statements, (asked, some, more) => {
        fc.pre(decide(asked, { identity: [document(some)] }) === 'explicitDeny');
        expect(decide(asked, { identity: [document([...some, ...more])] })).toBe('explicitDeny');
        expect(decide(asked, { identity: [document(some), document(more)] })).toBe('explicitDeny');
      }),
    );
  });

  it('adding a Deny never allows, adding an Allow never denies', () => {
    fc.assert(
      fc.property(request, statements, statement, (asked, some, one) => {
        const before = decide(asked, { identity: [document(some)] });
        const after = decide(asked, { identity: [document([...some, one])] });
        if (one.Effect === 'Deny' && after === 'allowed') expect(before).toBe('allowed');
        if (one.Effect === 'Allow' && before === 'allowed') expect(after).toBe('allowed');
      }),
    );
  });

  it('the order of statements and the way they are spread over policies do not matter', () => {
    fc.assert(
      fc.property(request, statements, fc.nat(), (asked, some, cut) => {
        const expected = decide(asked, { identity: [document(some)] });
        const at = cut % (some.length + 1);
        expect(decide(asked, { identity: [document([...some].reverse())] })).toBe(expected);
        expect(decide(asked, { identity: [document(some.slice(at)), document(some.slice(0, at))] })).toBe(expected);
      }),
    );
  });

  it('a boundary and a session policy only take away', () => {
    fc.assert(
      fc.property(request, statements, statements, (asked, some, limit) => {
        const identity = [document(some)];
        const free = decide(asked, { identity });
        for (const limited of [
          decide(asked, { identity, boundary: document(limit) }),
          decide(asked, { identity, session: [document(limit)] }),
        ]) {
          if (limited === 'allowed') expect(free).toBe('allowed');
          if (free === 'explicitDeny') expect(limited).toBe('explicitDeny');
        }
      }),
    );
  });

  it('a statement with a wildcard applies to whatever the same statement with its instances applies to', () => {
    const instance = fc.constantFrom(['s3:*', 's3:PutObject'], ['s3:?etObject', 's3:GetObject'], ['*', 'kms:Decrypt']);
    const place = fc.constantFrom(
      ['*', 'arn:aws:s3:::bucket'],
      ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/logs/b/c'],
      ['arn:aws:s3:::b*t/tmp/?:b', 'arn:aws:s3:::bucket/tmp/a:b'],
    );
    fc.assert(
      fc.property(
        request,
        instance,
        place,
        (asked, [anyAction = '', oneAction = ''], [anyPlace = '', onePlace = '']) => {
          const allow = (Action: string, Resource: string) =>
            decide(asked, { identity: [document([{ Effect: 'Allow', Action, Resource }])] });
          if (allow(oneAction, onePlace) === 'allowed') {
            expect(allow(anyAction, onePlace)).toBe('allowed');
            expect(allow(oneAction, anyPlace)).toBe('allowed');
            expect(allow(anyAction, anyPlace)).toBe('allowed');
          }
        },
      ),
    );
  });

  it('an operator and its negation never both hold, and for a value that is there one does', () => {
    const pair = fc.constantFrom(
      ['StringEquals', 'StringNotEquals'],
      ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
      ['StringLike', 'StringNotLike'],
      ['NumericEquals', 'NumericNotEquals'],
    );
    const text = fc.constantFrom('1', '1.0', '2', '10');
    fc.assert(
      fc.property(
        request,
        pair,
        fc.array(text, { minLength: 1, maxLength: 3 }),
        text,
        (asked, operators, wanted, value) => {
          const holds = (operator = '') =>
            decide(
              { ...asked, context: { k: value } },
              {
                identity: [
                  document([{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { [operator]: { k: wanted } } }]),
                ],
              },
            ) === 'allowed';
          expect(holds(operators[0])).not.toBe(holds(operators[1]));
        },
      ),
    );
  });

  it('across accounts nothing is allowed that one of the two sides does not allow', () => {
    fc.assert(
      fc.property(request, statements, statements, (asked, ours, theirs) => {
        const named = theirs.map((one): PolicyStatement => ({ ...one, Principal: { AWS: ACCOUNT } }));
        const both = decide(
          { ...asked, resourceAccount: '999999999999' },
          { identity: [document(ours)], resource: document(named) },
        );
        const alone = decide(asked, { identity: [document(ours)] });
        const other = decide(asked, { identity: [document(theirs)] });
        expect(both === 'allowed').toBe(alone === 'allowed' && other === 'allowed');
      }),
    );
  });

  it('a document that was judged before is judged the same again', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 2, maxLength: 5 }), statements, (asked, some) => {
        const shared = document(some);
        for (const one of asked) {
          expect(decide(one, { identity: [shared] })).toBe(decide(one, { identity: [structuredClone(shared)] }));
        }
      }),
    );
  });

  it('a wildcard covers whatever its instances are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/', '*', '?', 'é', '🪵'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.constantFrom('*', '?', '')), { maxLength: 6 }), text, (parts, filling) => {
        const character = [...filling][0] ?? 'x';
        const glob = compileGlob(
          parts.flatMap(([literal, wild]) => [
            { text: literal, wild: false },
            { text: wild, wild: true },
          ]),
        );
        const instance = parts
          .map(([literal, wild]) => literal + (wild === '*' ? filling : wild === '?' ? character : ''))
          .join('');
        expect(matchesGlob(glob, instance)).toBe(true);
      }),
    );
  });

  it('matching agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(text, plain, (wild, subject) => {
        const expression = new RegExp(`^${wild.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesGlob(compileGlob([{ text: wild, wild: true }]), subject)).toBe(expression.test(subject));
      }),
      { numRuns: 500 },
    );
  });
});
