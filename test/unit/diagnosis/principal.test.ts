import { expect, it } from 'vitest';
import { isSameRole } from '../../../src/core/diagnosis/principal';

const session = 'arn:aws:sts::111122223333:assumed-role/astro/worker-1';
it.each([
  ['arn:aws:iam::111122223333:role/astro', true],
  ['arn:aws:iam::111122223333:role/path/of/astro', true],
  ['arn:aws:sts::111122223333:assumed-role/astro/other', true],
  ['arn:aws:iam::999999999999:role/astro', false],
  ['arn:aws:iam::111122223333:role/astro2', false],
  ['arn:aws:iam::111122223333:user/astro', false],
  ['arn:aws:iam::111122223333:root', false],
  ['astro', false],
  ['', false],
])('a session of the role astro is that of %s: %s', (arn, expected) => {
  expect(isSameRole(session, arn)).toBe(expected);
});
