import { describe, expect, it } from 'vitest';
import { bundledPackage, isYanked, newestOfLine } from '../../../src/core/project/runtime-facts';
import {
  compareRuntimes,
  isWithin,
  meetsMinimum,
  parseRuntimeTag,
  printRuntime,
  type RuntimeVersion,
} from '../../../src/core/project/runtime-version';

function parse(tag: string): RuntimeVersion {
  const version = parseRuntimeTag(tag);
  if (!version) throw new Error(`no version: ${tag}`);
  return version;
}

describe('a Runtime tag', () => {
  it.each<[string, string, string?]>([
    ['11.7.0', '11.7.0'],
    ['11.7.0-base', '11.7.0'],
    ['11.0.0-python-3.11-slim-base', '11.0.0', '3.11'],
    ['11.0.0-slim-base-python-3.11', '11.0.0', '3.11'],
    ['11.2.0-SLIM-Base', '11.2.0'],
    ['10.6.0-ubi9-python-3.9-base', '10.6.0', '3.9'],
    ['3.3-8-python-3.13', '3.3-8', '3.13'],
    ['3.3-8-base', '3.3-8'],
    ['3.1-11.alpha1', '3.1-11'],
    ['3.1', '3.1'],
    ['3.1-python-3.12', '3.1', '3.12'],
    ['3.1-base', '3.1'],
    ['12.8', '12.8'],
    ['12', '12'],
    ['v12.1.0', '12.1.0'],
    ['12.1.0.4', '12.1.0'],
    ['12.1.0_custom', '12.1.0'],
    ['12.1.0+build', '12.1.0'],
    ['3.0.2', '3.0.2'],
    ['50.1.0', '50.1.0'],
  ])('%s is %s', (tag, printed, python) => {
    const version = parse(tag);
    expect(printRuntime(version)).toBe(printed);
    expect(version.python).toBe(python);
    expect(version.numbering).toBe(/^\d\.\d+(?:-\d+)?$/.test(printed) ? 'airflow-3' : 'airflow-2');
  });

  it.each(['', 'latest', 'main', 'x11.7.0', '11.7.0x', '20240717', '2024.07.1', '51.0.0', '-11.7.0', '11..0', '11.7.'])(
    '%j names no version',
    tag => {
      expect(parseRuntimeTag(tag)).toBeUndefined();
    },
  );

  it.each<[string, number]>([
    ['11.7.0-base', 6],
    ['v12.1.0-slim', 7],
    ['3.3-8-python-3.13', 5],
    ['3.1-base', 3],
    ['12.1.0.4-base', 8],
  ])('%s has a version of %i characters', (tag, length) => {
    expect(parse(tag).length).toBe(length);
  });

  it.each([
    '12.0.0-rc1',
    '12.0.0-alpha.2',
    '12.0.0.dev0',
    '3.0-1-beta2',
    '3.0-1.a1',
    '12.0.0-base-nightly',
    '12.0.0-pre',
    '12.0.0-preview',
    '12.0.0-b3',
  ])('%s is a pre-release', tag => {
    expect(parse(tag).isPrerelease).toBe(true);
  });

  it.each(['12.0.0-base', '12.0.0-ubi9', '3.0-1-python-3.12', '12.0.0-arch', '12.0.0-apache', '12.0.0-devices'])(
    '%s is none',
    tag => {
      expect(parse(tag).isPrerelease).toBe(false);
    },
  );
});

describe('the order of Runtimes', () => {
  const ascending = [
    '3.0.2',
    '3.0.4',
    '4.0.0',
    '9.10.0',
    '10.3.0',
    '11.6.9',
    '11.7.0-rc1',
    '11.7.0',
    '11.7.1',
    '11.10.0',
    '12.0.0',
    '13.11.0',
    '3.0-1',
    '3.0-18',
    '3.1-1',
    '3.1-2',
    '3.10-1',
    '4.0-1',
  ];

  it('is that of their release', () => {
    for (let i = 0; i < ascending.length; i++) {
      for (let j = 0; j < ascending.length; j++) {
        expect(Math.sign(compareRuntimes(parse(ascending[i] as string), parse(ascending[j] as string)))).toBe(
          Math.sign(i - j),
        );
      }
    }
  });

  it.each<[string, boolean | undefined]>([
    ['11.7.0', true],
    ['11.7.0-base', true],
    ['11.7.0-rc1', false],
    ['11.7', true],
    ['11.6.9', false],
    ['11.6', false],
    ['11.8.0', true],
    ['11', undefined],
    ['10', false],
    ['12', true],
    ['3', undefined],
    ['4', false],
    ['3.0.2', false],
    ['3.0-1', true],
    ['3.1', true],
    ['2.0-1', true],
  ])('%s meets the minimum: %s', (tag, expected) => {
    expect(meetsMinimum(parse(tag))).toBe(expected);
  });

  it.each<[string, [string, string], boolean]>([
    ['11.5.0', ['11.5.0', '11.8.0'], true],
    ['11.8.0', ['11.5.0', '11.8.0'], true],
    ['11.8.1', ['11.5.0', '11.8.0'], false],
    ['11.4.9', ['11.5.0', '11.8.0'], false],
    ['11.7', ['11.5.0', '11.8.0'], true],
    ['11.8', ['11.5.0', '11.8.0'], false],
    ['11', ['11.0.0', '12.0.0'], false],
    ['3.3', ['3.3-1', '3.3-*'], true],
    ['3.3-99', ['3.3-1', '3.3-*'], true],
    ['3.4-1', ['3.3-1', '3.3-*'], false],
    ['3.1', ['3.1-11', '3.1-*'], false],
  ])('%s lies within %j: %s', (tag, span, expected) => {
    expect(isWithin(parse(tag), span)).toBe(expected);
  });
});

describe('what is known of Runtimes', () => {
  it.each<[string, boolean]>([
    ['8.0.0', true],
    ['8.0.1', false],
    ['9.0.0', true],
    ['9.6.0', true],
    ['9.6.1', false],
    ['9.0', false],
    ['11.0.0', true],
    ['11.1.0-base', true],
    ['11.2.0', false],
    ['13.5.0', true],
    ['13.5', false],
    ['3.1-8', true],
    ['3.1-80', false],
    ['3.2-1', true],
    ['3.2-2', false],
    ['3.2', false],
  ])('%s is withdrawn: %s', (tag, expected) => {
    expect(isYanked(parse(tag))).toBe(expected);
  });

  it.each<[string, string | undefined]>([
    ['9.9.0', undefined],
    ['9.10.0', '1.4.7'],
    ['9.14.3', '1.4.7'],
    ['9.15.0', '1.5.1'],
    ['9.16.0', undefined],
    ['9.17.0', '1.5.1'],
    ['10.2.0', undefined],
    ['10.3.0', '1.4.7'],
    ['10.8.0', '1.4.7'],
    ['10.9.0', '1.5.1'],
    ['10.10.0', undefined],
    ['11.0.0', '1.4.7'],
    ['11.4.0', '1.4.7'],
    ['11.5.0', '1.5.1'],
    ['11.7.0', '1.5.1'],
    ['11.8.0-slim', '1.5.1'],
    ['11.9.0', undefined],
    ['12.8.0', undefined],
    ['13.11.0', undefined],
    ['3.0-18', undefined],
    ['3.1-10', undefined],
    ['3.1-11', '1.6.4'],
    ['3.1-12', '1.6.4'],
    ['3.1-21', '1.6.4'],
    ['3.2-10', undefined],
    ['3.3-1', '1.6.7'],
    ['3.3-2', '1.6.7'],
    ['3.3', '1.6.7'],
  ])('%s bundles %s', (tag, expected) => {
    expect(bundledPackage(parse(tag))).toBe(expected);
  });

  it.each<[string, string | undefined]>([
    ['13.5.0', '13.11.0'],
    ['12.0.0', '12.12.0'],
    ['3.1-8', '3.1-21'],
    ['3.2-1', '3.2-10'],
    ['3.3-1', '3.3-8'],
    ['3.0-1', '3.0-18'],
    ['9.3.0', undefined],
    ['3.0.2', undefined],
  ])('the newest of %s is %s', (tag, expected) => {
    expect(newestOfLine(parse(tag))).toBe(expected);
  });
});
