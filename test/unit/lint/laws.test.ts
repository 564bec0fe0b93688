import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintEnv } from '../../../src/core/env/lint-env';
import { READERS } from '../../../src/core/env/readers/readers';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import type { Finding } from '../../../src/core/finding';
import { fixAll } from '../../../src/core/fix-all';
import { LineIndex } from '../../../src/core/text/line-index';
import { applyEdits } from '../../../src/core/text/text-range';
import { anyEnvText, envText } from '../env/arbitraries';
import { lintWholeEnv } from './lint-whole-env';

/** Findings by place in lines and columns, without what depends on offsets. */
function places(text: string, lint: (text: string) => Finding[] = lintEnv): unknown[] {
  const index = new LineIndex(text);
  return lint(text).map(({ code, severity, message, range }) => ({
    code,
    severity,
    message,
    range: index.rangeAt(range),
  }));
}

function count(findings: readonly Finding[], code: string): number {
  return findings.filter(finding => finding.code === code).length;
}

/** What may be told of a file that two commands read differently. */
const DERIVED = ['loader-divergence', 'duplicate-key', 'swallowed-key', 'line-too-long'];

const RUNS = { numRuns: 500 };

describe('linting any text', () => {
  it('gives ranges within the text, in their order', () => {
    fc.assert(
      fc.property(anyEnvText(), text => {
        let from = 0;
        for (const { range, fix, alternatives = [] } of lintWholeEnv(text)) {
          expect(range.start).toBeGreaterThanOrEqual(from);
          expect(range.end).toBeGreaterThan(range.start);
          expect(range.end).toBeLessThanOrEqual(text.length);
          from = range.start;
          for (const each of fix ? [fix, ...alternatives] : alternatives) {
            expect(applyEdits(text, each.edits)).not.toBe(text);
          }
        }
      }),
      RUNS,
    );
  });

  it('removes a finding by its fix, which touches no other line', () => {
    fc.assert(
      fc.property(anyEnvText(), text => {
        const findings = lintWholeEnv(text);
        for (const { code, range, fix } of findings) {
          if (!fix) continue;
          expect(count(lintWholeEnv(applyEdits(text, fix.edits)), code)).toBeLessThan(count(findings, code));
          const isInsertion = code === 'missing-key' && fix.edits[0]?.range.start === fix.edits[0]?.range.end;
          // A lone CR ends a line for an editor, but for most of the commands it doesn't.
          const start = range.start === 0 ? 0 : text.lastIndexOf('\n', range.start - 1) + 1;
          const lineFeed = text.indexOf('\n', range.start);
          for (const edit of isInsertion ? [] : fix.edits) {
            expect(edit.range.start).toBeGreaterThanOrEqual(start);
            expect(edit.range.end).toBeLessThanOrEqual(lineFeed < 0 ? text.length : lineFeed + 1);
          }
        }
      }),
      RUNS,
    );
  });

  it('reaches a text without fixable findings, and stays there', () => {
    fc.assert(
      fc.property(anyEnvText(), text => {
        const { text: fixed } = fixAll(text, lintWholeEnv);
        expect(lintWholeEnv(fixed).filter(finding => finding.fix)).toEqual([]);
        expect(fixAll(fixed, lintWholeEnv)).toEqual({ text: fixed, fixed: 0 });
      }),
      RUNS,
    );
  });

  it('agrees with the readers', () => {
    fc.assert(
      fc.property(anyEnvText(), text => {
        const bytes = new TextEncoder().encode(text);
        const readings = READERS.map(({ label, read }) => ({ label, reading: read(bytes, {}) }));
        const accepted = readings.filter(({ reading }) => !reading.rejected);
        const findings = lintWholeEnv(text);
        const codes = findings.map(finding => finding.code);
        for (const key of Object.values(EXPORT_KEYS)) {
          const values = new Set(accepted.map(({ reading }) => reading.variables[key]));
          if (values.size > 1) expect(codes.some(code => DERIVED.includes(code))).toBe(true);
        }
        const hasOurs = accepted.some(({ reading }) =>
          Object.values(EXPORT_KEYS).some(key => key in reading.variables),
        );
        const refused = findings.filter(({ code }) => code === 'file-rejected').map(({ message }) => message);
        for (const { label, reading } of readings) {
          const isTold = refused.some(message => message.includes(`${label}:`) || message.includes(`${label},`));
          if (hasOurs || codes.length > 0) expect([label, isTold]).toEqual([label, reading.rejected]);
        }
      }),
      RUNS,
    );
  });

  it('finds the same in CRLF and LF', () => {
    fc.assert(
      fc.property(anyEnvText(), text => {
        const lf = text.replace(/\r\n?/g, '\n');
        expect(places(lf.replaceAll('\n', '\r\n'), lintWholeEnv)).toEqual(places(lf, lintWholeEnv));
      }),
    );
  });

  it('finds the same in the text alone whatever the line ends', () => {
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
        const opened = lintWholeEnv(text);
        for (let length = 0; length < text.length; length++) lintWholeEnv(text.slice(0, length));
        expect(lintWholeEnv(text)).toEqual(opened);
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
    const started = process.cpuUsage();
    lintWholeEnv(`AIRFLOW__ASTRO_SECONDARY_LOGS__S3_${name}=${head}${unit.repeat(250_000)}x`);
    lintWholeEnv(
      `AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=${unit.repeat(250_000)}\nAIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN=arn:aws:iam::1:role/${unit.repeat(250_000)}`,
    );
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
  });

  it('bears ten thousand lines and a megabyte on one', () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, i) => `AIRFLOW__ASTRO_SECONDARY_LOGS__REGIO${i % 7}=us\u2011east\u2011${i}\n`,
    );
    const long = `AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=${'\u2011x'.repeat(500_000)}`;
    for (const text of [lines.join(''), long, `AIRFLOW__ASTRO_${'SECONDARY_'.repeat(100_000)}=`]) {
      const started = process.cpuUsage();
      lintWholeEnv(text);
      expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
    }
  });
});
