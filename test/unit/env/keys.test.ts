import { expect, it } from 'vitest';
import { KEY_FACTS } from '../../../src/core/env/keys';
import { EXPORT_KEYS } from '../../../src/core/export-settings';

it.each<[keyof typeof EXPORT_KEYS, string, string, string]>([
  ['enabled', 'Switches the export', 't, true, 1, f, false or 0', 'does not start'],
  ['baseLogFolder', 'The bucket, and the folder in it', 's3://bucket/folder', 'no bucket to write to'],
  ['roleArn', 'assumes to write', 'arn:aws:iam::123456789012:role/Name', 'no role is assumed'],
  ['region', 'It may be left out', 'such as us-east-1', 'leave the variable out'],
])('tells of %s what it does, what it takes and what nothing means', (name, purpose, allowed, whenEmpty) => {
  const facts = KEY_FACTS[EXPORT_KEYS[name]];
  expect(facts.purpose()).toContain(purpose);
  expect(facts.allowed()).toContain(allowed);
  expect(facts.whenEmpty()).toContain(whenEmpty);
});
