import { expect, it } from 'vitest';
import type { FindingCode } from '../../../src/core/finding-table';
import type { FileKind } from '../../../src/core/lint/file-kind';
import { switchOf } from '../../../src/core/lint/finding-switch';
import { makeFinding } from '../../../src/core/make-finding';

const place = { start: 0, end: 1 };

it.each<[FindingCode, FileKind, string | undefined, string | undefined]>([
  ['missing-key', 'env', undefined, undefined],
  ['missing-key', 'deployment', undefined, undefined],
  ['runtime-too-old', 'dockerfile', undefined, 'project'],
  ['logging-package-missing', 'requirements', undefined, 'project'],
  ['missing-action', 'policy', undefined, 'policies'],
  ['partition-mismatch', 'policy', undefined, 'policies'],
  ['bucket-mismatch', 'env', '/p/policy.json', 'policies'],
  ['shared-log-folder', 'env', '/p/other.env', undefined],
  ['role-mismatch', 'env', '/p/other.env', undefined],
])('%s in a file of kind %s beside %s hangs on %s', (code, kind, other, expected) => {
  const related = other === undefined ? [] : [{ file: other, range: place, message: 'm' }];
  expect(switchOf(makeFinding(code, place, 'm', { related }), kind)).toBe(expected);
});
