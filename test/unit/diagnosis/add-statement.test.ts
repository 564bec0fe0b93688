import { describe, expect, it } from 'vitest';
import { addStatement } from '../../../src/core/diagnosis/add-statement';
import { statementOf } from '../../../src/core/diagnosis/change';

const PUT = statementOf({ document: 'permission', actions: ['s3:PutObject'], resource: 'arn:aws:s3:::b/logs/*' })!;
const TRUST = statementOf({
  document: 'trust',
  principal: 'arn:aws:iam::111122223333:role/d',
  action: 'sts:AssumeRole',
})!;
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

const policy = (Statement: unknown, indent: string | number = 2) =>
  `${JSON.stringify({ Version: '2012-10-17', Statement }, null, indent)}\n`;

describe('a statement more', () => {
  it.each<[string, string]>([
    ['two blanks', policy([READ])],
    ['four blanks', policy([READ], 4)],
    ['tabs', policy([READ], '\t')],
    ['CRLF', policy([READ]).replaceAll('\n', '\r\n')],
    ['one line', JSON.stringify({ Version: '2012-10-17', Statement: [READ] })],
    ['a single statement', policy(READ)],
  ])('in a policy of %s: what stood there stays', (_, text) => {
    const after = addStatement(text, PUT, false);
    expect(JSON.parse(after)).toEqual({ Version: '2012-10-17', Statement: [READ, PUT] });
    expect(after.replaceAll('\r\n', '').includes('\n')).toBe(!text.includes('\r\n') && /\n/.test(after));
    const [head = ''] = text.split('s3:GetObject');
    // A policy on one line is laid out anew around the statement.
    const isKept = Array.isArray(JSON.parse(text).Statement) && text.includes('\n');
    if (isKept) expect(after.startsWith(head)).toBe(true);
  });

  it('in a trust policy', () => {
    const after = addStatement(
      policy([{ ...TRUST, Principal: { AWS: 'arn:aws:iam::111122223333:role/e' } }]),
      TRUST,
      true,
    );
    expect(JSON.parse(after).Statement[1]).toEqual(TRUST);
  });

  it.each(['{', '[]', '{"Statement":[{"Effect":"Maybe"}]}', '// no\n{}'])('not in what is no policy: %s', text => {
    expect(() => addStatement(text, PUT, false)).toThrow(/no policy/);
  });

  it('not where the file says it already', () => {
    const file = policy([READ, { ...PUT, Resource: 'arn:aws:s3:::b/*' }]);
    expect(() => addStatement(file, PUT, false)).toThrow(/says it already/);
    expect(() => addStatement(policy([READ, { ...PUT, Effect: 'Deny' }]), PUT, false)).not.toThrow();
  });
});
