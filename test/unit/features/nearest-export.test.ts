import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/features/exports/nearest-export';
import { profileNames } from '../../../src/features/exports/profiles';
import { runWizard, type Step } from '../../../src/features/setup/wizard';
import type { Answer } from '../../../src/features/ui/user-input';

const exports = ['/w/.env', '/w/a/.env', '/w/a/.env.prod', '/w/b/prod.env'].map(path => ({ path, id: path.slice(3) }));

describe('the export nearest to a file', () => {
  it.each([
    ['/w/a/dags/x.py', undefined, 'a/.env'],
    ['/w/a/dags/x.py', 'a/.env.prod', 'a/.env.prod'],
    ['/w/a/.env.prod', 'a/.env', 'a/.env.prod'],
    ['/w/b/dags/x.py', 'a/.env', 'b/prod.env'],
    ['/w/c/y.py', 'b/prod.env', '.env'],
    ['/w/README.md', undefined, '.env'],
  ])('%s, last picked %s', (file, preferred, expected) => {
    expect(nearest(exports, file, preferred)?.id).toBe(expected);
  });

  it('is nothing where there is none', () => {
    expect(nearest([], '/w/x.py', undefined)).toBeUndefined();
  });
});

describe('profiles of the AWS files', () => {
  it('knows both ways of naming them, and leaves other sections out', () => {
    const config =
      '[default]\nregion=eu-west-1\n[profile data team]\n[sso-session x]\n  [ profile dev ]\n[services s3]\n';
    expect(profileNames(config, 'config')).toEqual(['default', 'data team', 'dev']);
    expect(profileNames('[default]\r\naws_access_key_id=x\r\n[prod]\r\n', 'credentials')).toEqual(['default', 'prod']);
  });
});

describe('a flow of questions', () => {
  interface Answers {
    readonly mode?: string;
    readonly role?: string;
    readonly bucket?: string;
  }
  /** Steps that take their answers from a script; each entry is what one question is told. */
  function scripted(script: string[]) {
    const asked: string[] = [];
    const step = (name: keyof Answers, applies?: (answers: Answers) => boolean): Step<Answers> => ({
      applies,
      ask: async (answers, { step, totalSteps }): Promise<Answer<Answers>> => {
        asked.push(`${name} ${step}/${totalSteps}`);
        const said = script.shift() as string;
        if (said === 'back' || said === 'cancel') return { kind: said };
        return { kind: 'value', value: { ...answers, [name]: said } };
      },
    });
    return { asked, steps: [step('mode'), step('role', answers => answers.mode === 'assume'), step('bucket')] };
  }

  it('leaves out questions that do not apply, and goes back over them', async () => {
    const { asked, steps } = scripted(['identity', 'back', 'assume', 'r', 'back', 'r2', 'b']);
    expect(await runWizard(steps, {})).toEqual({ mode: 'assume', role: 'r2', bucket: 'b' });
    expect(asked).toEqual(['mode 1/2', 'bucket 2/2', 'mode 1/2', 'role 2/3', 'bucket 3/3', 'role 2/3', 'bucket 3/3']);
  });

  it('ends without a result when it is cancelled, having told what was answered', async () => {
    const { steps } = scripted(['assume', 'cancel']);
    const seen: Answers[] = [];
    expect(await runWizard(steps, {}, answers => seen.push(answers))).toBeUndefined();
    expect(seen).toEqual([{ mode: 'assume' }]);
  });
});
