// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like template strings
import { describe, expect, it } from 'vitest';
import { compileCondition, isConditionOperator } from '../../../src/core/iam/conditions';
import type { PolicyCondition } from '../../../src/core/iam/policy';

type Values = string | readonly string[] | undefined;

function test(condition: PolicyCondition, context: Record<string, Values>, version = '2012-10-17'): boolean {
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  const lookup = (key: string) => {
    const value = values.get(key);
    return typeof value === 'string' ? [value] : value;
  };
  return compileCondition(condition, version)(lookup) === undefined;
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
describe('one operator: a value that holds, one that does not, and the key absent', () => {
  it.each<[string, string | string[] | boolean | number, string, string, boolean]>([
    ['StringEquals', 'logs', 'logs', 'Logs', false],
    ['StringEquals', ['a', 'b'], 'b', 'c', false],
    ['StringEquals', 'lo*', 'lo*', 'logs', false],
    ['StringNotEquals', 'logs', 'Logs', 'logs', true],
    ['StringNotEquals', ['a', 'b'], 'c', 'b', true],
    ['StringEqualsIgnoreCase', 'Logs', 'lOGS', 'log', false],
    ['StringNotEqualsIgnoreCase', 'Logs', 'log', 'LOGS', true],
    ['StringLike', 'logs/*', 'logs/', 'Logs/a', false],
    ['StringLike', 'l?gs', 'lögs', 'lgs', false],
    ['StringLike', 'l?gs', 'l🪵gs', 'looogs', false],
    ['StringLike', '*?', 'a', '', false],
    ['StringLike', 'a*b*c', 'a-b-b-c', 'a-c-b', false],
    ['StringLike', '', '', 'x', false],
    ['StringNotLike', ['logs/*', 'tmp/*'], 'data/a', 'tmp/a', true],
    [
      'ArnEquals',
      'arn:aws:iam::123456789012:role/*',
      'arn:aws:iam::123456789012:role/a/b',
      'arn:aws:iam::12345678901:role/a',
      false,
    ],
    ['ArnLike', 'arn:aws:sns:*:1:t', 'arn:aws:sns:us-east-1:1:t', 'arn:aws:sns:us-east-1:2:1:t', false],
    ['ArnLike', 'arn:aws:s:*:1:f/*', 'arn:aws:s:r:1:f/d', 'arn:aws:s:r:9:store:1:f/d', false],
    ['ArnLike', 'arn:*:logs:*:*:group:?', 'arn:aws:logs:r:1:group:a', 'arn:aws:logs:r:1:group:ab', false],
    ['ArnNotEquals', 'arn:aws:iam::1:user/a', 'arn:aws:iam::1:user/b', 'arn:aws:iam::1:user/a', true],
    ['ArnNotLike', 'arn:aws:iam::1:user/*', 'arn:aws:iam::1:role/a', 'arn:aws:iam::1:user/a', true],
    ['Bool', 'true', 'true', 'false', false],
    ['Bool', false, 'FALSE', 'true', false],
    ['Bool', 'yes', 'never', 'yes', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', 'QmluYXJ6', false],
    ['BinaryEquals', 'QmluYXJ5', 'Binary', 'binary', false],
    ['IpAddress', '203.0.113.0/24', '203.0.113.255', '203.0.114.0', false],
    ['IpAddress', '203.0.113.7', '203.0.113.7', '203.0.113.8', false],
    ['IpAddress', ['10.0.0.0/8', '2001:DB8:1234:5678::/64'], '2001:db8:1234:5678:9::1', '2001:db8:1234:5679::1', false],
    ['IpAddress', '0.0.0.0/0', '255.255.255.255', '::1', false],
    ['IpAddress', '::ffff:1.2.3.0/120', '::ffff:1.2.3.4', '1.2.3.4', false],
    ['NotIpAddress', '203.0.113.0/24', '203.0.114.0', '203.0.113.1', true],
    ['NumericEquals', '10', '10.0', '11', false],
    ['NumericNotEquals', 10, '11', '10', true],
    ['NumericLessThan', '10', '9.5', '10', false],
    ['NumericLessThanEquals', '10', '10', '10.5', false],
    ['NumericGreaterThan', '-1', '0', '-1', false],
    ['NumericGreaterThanEquals', '1000', '1000', '999', false],
    ['NumericEquals', 'ten', 'never', 'ten', false],
    ['DateEquals', '2020-01-01T00:00:00Z', '1577836800', '2020-01-01T00:00:01Z', false],
    ['DateNotEquals', '2020-01-01', '2020-01-02', '2020-01-01T00:00:00Z', true],
    ['DateLessThan', '2020-01-01T02:00:00+01:00', '2020-01-01T00:59:59Z', '2020-01-01T01:00:00Z', false],
    ['DateLessThanEquals', '2020-06', '2020-06-01T00:00Z', '2020-06-01T00:00:00.5Z', false],
    ['DateGreaterThan', '2020', '2020-01-01T00:00:00.001Z', '2020-01-01', false],
    ['DateGreaterThanEquals', 1577836800, '2020-01-01T00:00:00Z', '2019-12-31T23:59:59Z', false],
    ['DateLessThan', '2020-02-30', 'never', '2020-01-01', false],
  ])('%s %j', (operator, wanted, holds, fails, whenAbsent) => {
    const condition = { [operator]: { 'aws:Key': wanted } };
    if (holds !== 'never') expect(test(condition, { 'aws:key': holds })).toBe(true);
    expect(test(condition, { 'AWS:KEY': fails })).toBe(false);
    expect(test(condition, {})).toBe(whenAbsent);
    expect(test({ [`${operator}IfExists`]: { 'aws:Key': wanted } }, {})).toBe(true);
    expect(test({ [`${operator}IfExists`]: { 'aws:Key': wanted } }, { 'aws:Key': fails })).toBe(false);
  });

  // The documentation doesn't say; a value that can't be compared is neither equal nor unequal.
  it.each<[string, string | string[], string]>([
    ['NumericNotEquals', 'ten', '10'],
    ['NumericNotEquals', ['11', 'ten'], '10'],
    ['NumericNotEquals', '10', 'ten'],
    ['NumericNotEquals', '10', ''],
    ['DateNotEquals', 'tomorrow', '2024-01-01'],
    ['DateNotEquals', '2024-01-01', '1 January'],
    ['NotIpAddress', '10.0.0.0/33', '10.0.0.1'],
    ['NotIpAddress', ['192.0.2.0/24', '10.0.0'], '10.0.0.1'],
    ['NotIpAddress', '10.0.0.0/8', 'somewhere'],
    ['ArnNotLike', '*', 'arn:aws:iam::1:user/a'],
    ['ArnNotEquals', 'arn:aws:iam::1:user/a', 'a'],
  ])('%s %j does not hold for %j, as one of them is of another type', (operator, wanted, value) => {
    expect(test({ [operator]: { k: wanted } }, { k: value })).toBe(false);
    expect(test({ [`ForAnyValue:${operator}`]: { k: wanted } }, { k: [value] })).toBe(false);
    expect(test({ [`${operator}IfExists`]: { k: wanted } }, {})).toBe(true);
  });

  it.each<[string | boolean | string[], Values, boolean]>([
    ['true', undefined, true],
    ['true', 'x', false],
    ['false', 'x', true],
    [false, undefined, false],
    [['true', 'false'], undefined, true],
    ['false', '', true],
    ['true', [], true],
  ])('Null %j with %j', (wanted, value, holds) => {
    expect(test({ Null: { k: wanted } }, { k: value })).toBe(holds);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
describe('set operators', () => {
  it.each<[string, string[], Values, boolean]>([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a'], undefined, true],
    ['ForAllValues:StringEquals', ['a'], [], true],
    ['ForAllValues:StringEquals', ['a'], '', true],
    ['ForAllValues:StringEquals', ['a'], 'a', true],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
    ['ForAllValues:StringNotEquals', ['a'], undefined, true],
    ['ForAllValues:StringLikeIfExists', ['a*'], ['b'], false],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'b'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'y'], false],
    ['ForAnyValue:StringEquals', ['a'], undefined, false],
    ['ForAnyValue:StringEquals', ['a'], [], false],
    ['ForAnyValue:StringEquals', [''], '', false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
    ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
    ['ForAnyValue:StringEqualsIfExists', ['a'], undefined, false],
    ['ForAllValues:StringEqualsIfExists', ['a'], undefined, true],
    ['forallvalues:stringequals', ['a'], ['b'], false],
    ['ForAnyValue:ArnLike', ['arn:aws:iam::1:role/*'], ['x', 'arn:aws:iam::1:role/r'], true],
    ['ForAllValues:NumericLessThan', ['5'], ['1', '7'], false],
  ])('%s %j with %j', (operator, wanted, value, holds) => {
    expect(test({ [operator]: { k: wanted } }, { k: value })).toBe(holds);
  });

  it('are needed for a key with several values', () => {
    expect(test({ StringEquals: { k: 'a' } }, { k: ['a', 'b'] })).toBe(false);
    expect(test({ StringEquals: { k: 'a' } }, { k: ['a'] })).toBe(true);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
describe('several conditions', () => {
  const condition = { StringEquals: { a: ['1', '2'], b: '3' }, Bool: { c: 'true' } };
  it.each<[Record<string, string>, boolean]>([
    [{ a: '2', b: '3', c: 'true' }, true],
    [{ a: '4', b: '3', c: 'true' }, false],
    [{ a: '1', b: '4', c: 'true' }, false],
    [{ a: '1', b: '3', c: 'false' }, false],
    [{ a: '1', c: 'true' }, false],
  ])('%j', (context, holds) => {
    expect(test(condition, context)).toBe(holds);
  });

  it('none of them, or none of its values', () => {
    expect(test({}, {})).toBe(true);
    expect(test({ StringEquals: {} }, {})).toBe(true);
    expect(test({ StringEquals: { a: [] } }, { a: '1' })).toBe(false);
    expect(test({ StringNotEquals: { a: [] } }, { a: '1' })).toBe(true);
  });

  it('an operator that IAM does not know never holds', () => {
    expect(test({ StringMatches: { a: '1' } }, { a: '1' })).toBe(false);
    expect(['StringMatches', 'NullIfExists', 'ForAllValues:', 'ForAllValues:Null'].map(isConditionOperator)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
describe('policy variables', () => {
  const context = {
    k: 'jane',
    'aws:username': 'jane',
    'aws:PrincipalTag/team': '*',
    'aws:TagKeys': ['a', 'b'],
    empty: '',
  };
  it.each<[string, string, string, boolean]>([
    ['StringEquals', '${aws:username}', 'jane', true],
    ['StringEquals', '${AWS:UserName}', 'jane', true],
    ['StringEquals', '${ aws:username }', 'jane', true],
    ['StringLike', 'home/${aws:username}/*', 'home/jane/x', true],
    ['StringLike', 'home/${aws:username}/*', 'home/joe/x', false],
    ['StringLike', '${aws:PrincipalTag/team}', '*', true],
    ['StringLike', '${aws:PrincipalTag/team}', 'anything', false],
    ['StringLike', '${*}', '*', true],
    ['StringLike', '${*}', 'x', false],
    ['StringLike', 'a${?}', 'a?', true],
    ['StringLike', 'a${?}', 'ab', false],
    ['StringEquals', '${$}{x}', '${x}', true],
    ['StringEquals', "${missing, 'default'}", 'default', true],
    ['StringEquals', "${empty, 'default'}", 'default', true],
    ['StringEquals', "${aws:username, 'default'}", 'default', false],
    ['StringLike', "${missing, '*'}", 'x', false],
    ['StringEquals', '${missing}', '', false],
    ['StringEquals', '${missing}', '${missing}', false],
    ['StringEquals', '${empty}', '', false],
    ['StringEquals', '${aws:TagKeys}', 'a', false],
    ['StringNotEquals', '${missing}', 'x', true],
    ['StringNotEquals', '${aws:username}', 'jane', false],
    ['ArnLike', 'arn:aws:iam::1:user/${aws:username}', 'arn:aws:iam::1:user/jane', true],
    ['ArnLike', 'arn:aws:iam::1:user/${missing}', 'arn:aws:iam::1:user/jane', false],
    ['StringEquals', '$${unclosed', '$${unclosed', true],
    ['StringEquals', '$x', '$x', true],
    ['NumericEquals', '${aws:username}', '1', false],
  ])('%s %s with %s', (operator, wanted, value, holds) => {
    expect(test({ [operator]: { k: wanted } }, { ...context, k: value })).toBe(holds);
  });

  it('one that has no value leaves the other values in force', () => {
    expect(test({ StringEquals: { k: ['${missing}', 'jane'] } }, context)).toBe(true);
    expect(test({ StringNotEquals: { k: ['${missing}', 'jane'] } }, context)).toBe(false);
  });

  it.each(['2008-10-17', ''])('are plain text in Version "%s"', version => {
    expect(test({ StringEquals: { k: '${aws:username}' } }, context, version)).toBe(false);
    expect(test({ StringEquals: { k: '${aws:username}' } }, { ...context, k: '${aws:username}' }, version)).toBe(true);
  });

  it('say that they have no value', () => {
    const why = compileCondition(
      { StringEquals: { k: '${aws:username}/x' } },
      '2012-10-17',
    )(key => (key === 'k' ? ['x'] : undefined));
    expect(why).toContain('${aws:username}');
  });
});
