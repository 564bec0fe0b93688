import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintEnv } from '../../../src/core/env/lint-env';
import type { Finding } from '../../../src/core/finding';
import { fixAll } from '../../../src/core/fix-all';
import { LineIndex } from '../../../src/core/text/line-index';
import { applyEdits } from '../../../src/core/text/text-range';
import { envText } from '../env/arbitraries';

/** Findings by place in lines and columns, without what depends on offsets. */
function places(text: string): unknown[] {
  const index = new LineIndex(text);
  return lintEnv(text).map(({ code, severity, message, range }) => ({
    code,
    severity,
    message,
    range: index.rangeAt(range),
  }));
}

function count(findings: readonly Finding[], code: string): number {
  return findings.filter(finding => finding.code === code).length;
}

const RUNS = { numRuns: 1000 };

describe('linting any text', () => {
  it('gives ranges within the text, in their order', () => {
    fc.assert(
      fc.property(envText(), text => {
        let from = 0;
        for (const { range, fix, alternatives = [] } of lintEnv(text)) {
          expect(range.start).toBeGreaterThanOrEqual(from);
          expect(range.end).toBeGreaterThan(range.start);
          expect(range.end).toBeLessThanOrEqual(text.length);
          from = range.start;
          for (const each of fix ? [fix, ...alternatives] : alternatives) applyEdits(text, each.edits);
        }
      }),
      RUNS,
    );
  });

  it('removes a finding by its fix, which touches no other line', () => {
    fc.assert(
      fc.property(envText(), text => {
        const findings = lintEnv(text);
        const index = new LineIndex(text);
        for (const { code, range, fix } of findings) {
          if (!fix) continue;
          const fixed = applyEdits(text, fix.edits);
          expect(count(lintEnv(fixed), code)).toBeLessThan(count(findings, code));
          const isInsertion = code === 'missing-key' && fix.edits[0]?.range.start === fix.edits[0]?.range.end;
          for (const edit of isInsertion ? [] : fix.edits) {
            expect(index.positionAt(edit.range.start).line).toBe(index.positionAt(range.start).line);
            expect(edit.range.start).toBeGreaterThanOrEqual(range.start);
            expect(edit.range.end).toBeLessThanOrEqual(range.end);
          }
        }
      }),
      RUNS,
    );
  });

  it('reaches a text without fixable findings, and stays there', () => {
    fc.assert(
      fc.property(envText(), text => {
        const { text: fixed } = fixAll(text, lintEnv);
        expect(lintEnv(fixed).filter(finding => finding.fix)).toEqual([]);
        expect(fixAll(fixed, lintEnv)).toEqual({ text: fixed, fixed: 0 });
      }),
      RUNS,
    );
  });

  it('finds the same whatever the line ends', () => {
    fc.assert(
      fc.property(envText(), text => {
        const lf = text.replace(/\r\n?/g, '\n');
        expect(places(lf.replaceAll('\n', '\r\n'))).toEqual(places(lf));
        expect(places(lf.replaceAll('\n', '\r'))).toEqual(places(lf));
      }),
    );
  });

  it('finds the same whether typed or opened whole', () => {
    fc.assert(
      fc.property(envText(), text => {
        for (let length = 0; length <= text.length; length++) lintEnv(text.slice(0, length));
        expect(lintEnv(text)).toEqual(lintEnv(text));
      }),
      { numRuns: 20 },
    );
  });

  it('finds the same with strangers before and behind', () => {
    fc.assert(
      fc.property(envText(), text => {
        fc.pre(!text.startsWith('\ufeff') && !text.includes('\r'));
        const shifted = places(`A=1\n\n# c\n${text}\nZ="x"\n`) as {
          range: { start: { line: number }; end: { line: number } };
        }[];
        for (const { range } of shifted) {
          range.start.line -= 3;
          range.end.line -= 3;
        }
        expect(shifted).toEqual(places(text));
      }),
    );
  });

  it.each([
    ['BASE_LOG_FOLDER', 'https://', '.s3.'],
    ['BASE_LOG_FOLDER', '', '${a'],
    ['BASE_LOG_FOLDER', '', '"'],
    ['BASE_LOG_FOLDER', 's3:', '/'],
    ['BASE_LOG_FOLDER', 'arn:aws:s3:::', '/*'],
    ['BUCKET_ENABLED', '', 'true '],
    ['BUCKET_ENABLED', '', '\u201c'],
  ])('bears a value of %s that is %j and a quarter of a million times %j', (name, head, unit) => {
    const started = performance.now();
    lintEnv(`AIRFLOW__ASTRO_SECONDARY_LOGS__S3_${name}=${head}${unit.repeat(250_000)}x`);
    lintEnv(
      `AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=${unit.repeat(250_000)}\nAIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN=arn:aws:iam::1:role/${unit.repeat(250_000)}`,
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('bears ten thousand lines and a megabyte on one', () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, i) => `AIRFLOW__ASTRO_SECONDARY_LOGS__REGIO${i % 7}=us\u2011east\u2011${i}\n`,
    );
    const long = `AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=${'\u2011x'.repeat(500_000)}`;
    for (const text of [lines.join(''), long, `AIRFLOW__ASTRO_${'SECONDARY_'.repeat(100_000)}=`]) {
      const started = performance.now();
      lintEnv(text);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});
