import { describe, expect, it } from 'vitest';
import { READERS } from '../../../src/core/env/readers/readers';

/** `$` and `{` stand apart, so that nothing here looks like a template of our own. */
const D = '$';

function read(line: string) {
  const compose = READERS.find(({ name }) => name === 'compose');
  if (!compose) throw new Error('no reader compose');
  return compose.read(new TextEncoder().encode(`${line}\n`), { SET: 'set', EMPTY: '', Kx: 'folded' });
}

// https://docs.docker.com/reference/compose-file/interpolation/
describe('Compose’s interpolation', () => {
  it.each<[string, string]>([
    [`${D}SET`, 'set'],
    [`a${D}{SET}b`, 'asetb'],
    [`${D}UNSET.${D}{UNSET}.`, '..'],
    [`${D}SET${D}SET`, 'setset'],
    [`${D}${D}SET ${D}${D}{SET}`, `${D}SET ${D}{SET}`],
    [`a${D}`, `a${D}`],
    [`a${D} ${D}1 ${D}SET`, `a${D} ${D}1 set`],
    [`${D}{SET:-x}${D}{EMPTY:-x}${D}{UNSET:-x}`, 'setxx'],
    [`${D}{SET-x}.${D}{EMPTY-x}.${D}{UNSET-x}`, 'set..x'],
    [`${D}{SET:+x}.${D}{EMPTY:+x}.${D}{UNSET:+x}`, 'x..'],
    [`${D}{SET+x}.${D}{EMPTY+x}.${D}{UNSET+x}`, 'x.x.'],
    [`${D}{SET:?no}.${D}{SET?no}.${D}{EMPTY?no}`, 'set.set.'],
    [`${D}{UNSET:-}.`, '.'],
    [`${D}{UNSET:-a${D}{UNSET:-b}c}d}`, 'abcd}'],
    [`${D}{UNSET:-${D}{SET}}.${D}{UNSET:-x}`, 'set.x'],
    [`${D}{UNSET:-{x}}.${D}{SET}`, '{x}.set'],
    [`${D}{UNSET:-x}y}`, 'xy}'],
    [`${D}{UNSET:-{x}`, '{x'],
    [`${D}{UNSET:-a:-b}`, 'a:-b'],
  ])('makes of %s %s', (value, expected) => {
    const { rejected, variables } = read(`K=${value}`);
    expect([rejected, variables.K]).toEqual([false, expected]);
  });

  it('reads the braces of each line of a value by themselves', () => {
    expect(read(`K="${D}{UNSET:-a}b}\n${D}{SET}}"`).variables.K).toBe('ab}\nset}');
  });

  it.each([
    [`${D}{UNSET?}`, 'required variable UNSET is missing a value'],
    [`${D}{EMPTY:?say ${D}SET}`, 'required variable EMPTY is missing a value: say set'],
    [`${D}{UNSET:?why}`, 'required variable UNSET is missing a value: why'],
    [`${D}{SET:-${D}{UNSET:?no}}`, 'required variable UNSET is missing a value: no'],
    [`${D}{1}`, `Invalid template: "${D}{1}"`],
    [`a${D}{SET`, `Invalid template: "a${D}{SET"`],
    [`${D}{SET%x}`, `Invalid template: "${D}{SET%x}"`],
    [`${D}{UNSET:-${D}{}}`, `Invalid template: "${D}{}"`],
    [`}${D}{UNSET:-x`, `Invalid template: "}${D}{UNSET:-x"`],
  ])('refuses %s', (value, message) => {
    expect(read(`K=${value}`)).toMatchObject({ rejected: true, message });
  });

  it('says where a limit of ours ends it', () => {
    const nested = (depth: number) => `${D}{UNSET:-`.repeat(depth) + 'x' + '}'.repeat(depth);
    expect(read(`K=${nested(100)}`)).toMatchObject({ rejected: false, variables: { K: 'x' } });
    expect(read(`K=${nested(101)}`)).toMatchObject({ gaveUp: true, message: 'defaults are nested too deeply' });
  });
});
