import { describe, expect, it } from 'vitest';
import { describeDeploymentKey } from '../../../src/core/assist/describe-deployment';
import { describeEnvLine } from '../../../src/core/assist/describe-key';
import { codeSpan } from '../../../src/core/assist/markdown';
import { EXPORT_KEYS } from '../../../src/core/export-settings';

/** What is said at the `|`, and the text it is said of. */
function describeAt(marked: string): { of: string; markdown: string } | undefined {
  const text = marked.replace('|', '');
  const found = describeEnvLine(text, marked.indexOf('|'));
  return found && { of: text.slice(found.range.start, found.range.end), markdown: found.markdown };
}

describe('what is said of a variable', () => {
  it('tells what it does, which values it takes, and an example with its page', () => {
    const found = describeAt(`${EXPORT_KEYS.region.slice(0, 9)}|${EXPORT_KEYS.region.slice(9)}=us-east-1\n`);
    expect(found?.of).toBe(EXPORT_KEYS.region);
    expect(found?.markdown).toMatch(/bucket’s region/);
    expect(found?.markdown).toMatch(/id of an AWS region/);
    expect(found?.markdown).toMatch(/REGION=us-east-1`.*\(\[documentation\]\(https:\/\/www\.astronomer\.io\//);
    expect(found?.markdown).toMatch(/US East \(N\. Virginia\)/);
    expect(found?.markdown).toMatch(/Every Astro command reads `us-east-1`\./);
  });

  it('tells what each command reads where they disagree', () => {
    const found = describeAt(`${EXPORT_KEYS.enabled}="tr|ue" # on\n`);
    expect(found?.of).toBe('"true"');
    expect(found?.markdown).toMatch(/^- .*`astro dev start`: reads `true`$/m);
    expect(found?.markdown).toMatch(/^- .*`astro dev pytest`.*: reads `"true" # on`$/m);
    expect(found?.markdown).not.toMatch(/with podman/);
  });

  it('tells who refuses the file, and who does not see the variable', () => {
    const found = describeAt(`export |${EXPORT_KEYS.enabled}=true\n`);
    expect(found?.markdown).toMatch(/^- `astro dev pytest`.* with docker: refuses the whole file$/m);
    expect(found?.markdown).toMatch(/^- .*--load`.*: does not see this variable$/m);
  });

  it('shows no line but the first of a value that an unclosed quote has made of several', () => {
    const found = describeAt(`|${EXPORT_KEYS.enabled}="true\nPASSWORD=secret"\n`);
    expect(found?.markdown).not.toMatch(/secret/);
    expect(found?.markdown).toMatch(/…/);
  });

  it('is not about other lines, comments or blanks beside it', () => {
    expect(describeAt(`OTH|ER=1\n${EXPORT_KEYS.enabled}=true\n`)).toBeUndefined();
    expect(describeAt(`# ${EXPORT_KEYS.enabled}|=true\n`)).toBeUndefined();
    expect(describeAt(`${EXPORT_KEYS.enabled}=true   # o|n\n`)).toBeUndefined();
  });

  it('describes what a misspelt name means, and claims nothing of what is read', () => {
    const found = describeAt('AIRFLOW__ASTRO_SECONDARY_LOGS__REG|OIN=us-east-1\n');
    expect(found?.markdown).toMatch(/bucket’s region/);
    expect(found?.markdown).not.toMatch(/Every Astro command/);
  });

  it('says so where the shell decides', () => {
    expect(describeAt(`|${EXPORT_KEYS.baseLogFolder}=s3://b-$STAGE/logs\n`)?.markdown).toMatch(/not set in your shell/);
  });
});

describe('what is said of a variable in a deployment file', () => {
  const text = `    - key: ${EXPORT_KEYS.region}\n      value: us-east-1\n    - key: X${EXPORT_KEYS.region}\n`;

  it('is about the name under the pointer', () => {
    const found = describeDeploymentKey(text, text.indexOf('ASTRO'));
    expect(found && text.slice(found.range.start, found.range.end)).toBe(EXPORT_KEYS.region);
    expect(found?.markdown).toMatch(/bucket’s region/);
  });

  it('is about whole names alone', () => {
    expect(describeDeploymentKey(text, text.indexOf('us-east'))).toBeUndefined();
    expect(describeDeploymentKey(text, text.lastIndexOf('ASTRO'))).toBeUndefined();
  });
});

it.each([
  ['plain', '`plain`'],
  ['a`b', '``a`b``'],
  ['`x`', '`` `x` ``'],
  [' x', '`  x `'],
  ['a\nb', '`a…`'],
])('prints %j as code', (value, printed) => {
  expect(codeSpan(value)).toBe(printed);
});
