import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogLineReader, readLogLine, readLogLines, toUtc } from '../../../src/core/logs/log-lines';
import { storedLogs } from './airflow-logs';

const logs = storedLogs();

/** A record of Airflow 3, with what the case adds. */
function record(fields: Record<string, unknown>): string {
  return JSON.stringify({ timestamp: '2026-11-23T07:08:38Z', level: 'info', event: 'e', logger: 'l', ...fields });
}

describe('readLogLines on the logs of real Airflow', () => {
  it('loses no line and no text of any', () => {
    for (const { key, body } of logs) {
      const text = body.toString('utf8');
      const source = text.replace(/\n$/, '').split('\n');
      const lines = readLogLines(text);
      expect(lines, key).toHaveLength(source.length);
      for (const [i, line] of lines.entries()) {
        const raw = (source[i] as string).replace(/^\0+/, '');
        const said = raw.startsWith('{"') ? JSON.parse(raw).event : raw;
        expect(raw.startsWith('{"') ? line.message.startsWith(said) : said.endsWith(line.message), key).toBe(true);
      }
    }
  });

  it('finds the time that the database of Airflow knows as the first', () => {
    for (const { key, body, truth } of logs) {
      const first = readLogLines(body.toString('utf8')).find(line => line.time !== null)?.time;
      expect(first, key).toBe(toUtc(truth.first_timestamp));
    }
  });

  it('names every error that the log names', () => {
    const failed = logs.filter(log => log.truth.has_error && log.truth.error_type_in_body);
    expect(failed.length).toBeGreaterThan(40);
    for (const { key, body, truth } of failed) {
      const text = readLogLines(body.toString('utf8'))
        .map(line => line.message)
        .join('\n');
      expect(text, key).toContain(truth.error_type);
    }
  });

  it('gives a level and a time to each record, and to nothing else', () => {
    for (const { body } of logs) {
      for (const line of readLogLines(body.toString('utf8'))) {
        expect(line.level === null).toBe(line.time === null);
        if (line.time !== null) expect(line.time).toMatch(/^2026-11-23T\d\d:\d\d:\d\d(\.\d+)?Z$/);
        if (line.level !== null) expect(line.level).toMatch(/^(debug|info|warning|error|critical)$/);
      }
    }
  });
});

describe('readLogLine', () => {
  const continuation = (message: string) => ({ time: null, level: null, logger: null, message });

  it.each([
    [
      '[2026-11-23T06:47:13.754+0000] {visible.py:26} WARNING - 3 of 42 - {x}',
      ['2026-11-23T06:47:13.754Z', 'warning', 'visible.py:26', '3 of 42 - {x}'],
    ],
    [
      '[2020-04-01 10:00:00,123] {taskinstance.py:877} INFO - old',
      ['2020-04-01T10:00:00.123Z', 'info', 'taskinstance.py:877', 'old'],
    ],
    ['[2026-11-23T01:30:00.754+0530] {a.py:1} ERROR - ', ['2026-11-22T20:00:00.754Z', 'error', 'a.py:1', '']],
    [
      record({ timestamp: '2026-11-23T07:08:38.011878', level: 'WARNING' }),
      ['2026-11-23T07:08:38.011878Z', 'warning', 'l', 'e'],
    ],
    [record({ timestamp: '2026-11-23T09:08:38.1+02:00' }), ['2026-11-23T07:08:38.1Z', 'info', 'l', 'e']],
    [record({ timestamp: 'soon' }), [null, 'info', 'l', 'e']],
    [record({ logger: undefined }), ['2026-11-23T07:08:38Z', 'info', null, 'e']],
    [record({ event: { a: 1 } }), ['2026-11-23T07:08:38Z', 'info', 'l', '{"a":1}']],
    [`\0\0\0${record({})}`, ['2026-11-23T07:08:38Z', 'info', 'l', 'e']],
    [
      record({ event: 'structured', order_id: 9, nested: { k: [1, 2] }, gone: null, try_number: 1, filename: 'x.py' }),
      ['2026-11-23T07:08:38Z', 'info', 'l', 'structured order_id=9 nested={"k":[1,2]}'],
    ],
    [
      record({ logger: 'py.warnings', category: 'UserWarning', filename: 'x.py', lineno: 3 }),
      ['2026-11-23T07:08:38Z', 'info', 'py.warnings', 'e category=UserWarning filename=x.py lineno=3'],
    ],
    [
      record({ event: 'Process terminated by signal.', signal: -9, signal_name: 'SIGKILL' }),
      ['2026-11-23T07:08:38Z', 'info', 'l', 'Process terminated by signal. signal=-9 signal_name=SIGKILL'],
    ],
    [
      record({ event: '\u001b[31mred\u001b[0m\r\u0000\u2028' }),
      ['2026-11-23T07:08:38Z', 'info', 'l', '\u001b[31mred\u001b[0m\r\u0000\u2028'],
    ],
  ])('reads %s', (text, [time, level, logger, message]) => {
    expect(readLogLine(text)).toEqual({ time, level, logger, message });
  });

  it.each([
    '',
    'Traceback (most recent call last):',
    '[2026-11-23T06:47:13.754+0000] no place',
    '[2026-13-23T06:47:13.754+0000] {x.py:1} INFO - no such month',
    '[2026-02-30T06:47:13.754+0000] {x.py:1} INFO - no such day',
    '{"rows": 17, "table": "orders"}',
    '{"event": "of a task", "n": 1}',
    '{"timestamp":"2026-11-23T07:08:38Z","level":"info","event":"cut in t',
    '[1, 2]',
    'null',
    '\0\0',
  ])('takes %j for a continuation line', text => {
    expect(readLogLine(text)).toEqual(continuation(text));
  });

  it('prints chained exceptions in the order of Python', () => {
    const frame = { filename: 'visible.py', lineno: 92, name: 'chained' };
    const detail = [
      { exc_type: 'InvoiceRejected', exc_value: 'rejected:\n  - amount', exc_notes: ['see 7741'], frames: [frame] },
      { exc_type: 'KeyError', exc_value: "'x'", is_cause: false, frames: [{ ...frame, line: 'raise KeyError' }] },
      { exc_type: 'ValueError', exc_value: 'invalid literal', is_cause: true, frames: [frame] },
    ];
    expect(readLogLine(record({ event: 'Task failed with exception', error_detail: detail })).message).toBe(
      `Task failed with exception
Traceback (most recent call last):
  File "visible.py", line 92, in chained
ValueError: invalid literal

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "visible.py", line 92, in chained
    raise KeyError
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "visible.py", line 92, in chained
InvoiceRejected: rejected:
  - amount
see 7741`,
    );
  });

  it('prints groups within groups with every exception in them', () => {
    const leaf = (exc_type: string) => [{ exc_type, exc_value: 'v', frames: [] }];
    const group = (exc_value: string, exceptions: unknown[]) => [
      {
        exc_type: 'ExceptionGroup',
        exc_value,
        is_group: true,
        frames: [{ filename: 'g.py', lineno: 1, name: 'f' }],
        exceptions,
      },
    ];
    const detail = group('outer (2)', [leaf('ValueError'), group('inner (1)', [{ stacks: leaf('OSError') }])]);
    expect(readLogLine(record({ error_detail: detail })).message).toBe(
      `e
  + Exception Group Traceback (most recent call last):
  |   File "g.py", line 1, in f
  | ExceptionGroup: outer (2)
  +-+---------------- 1 ----------------
    | ValueError: v
    +---------------- 2 ----------------
    |   + Exception Group Traceback (most recent call last):
    |   |   File "g.py", line 1, in f
    |   | ExceptionGroup: inner (1)
    |   +-+---------------- 1 ----------------
    |     | OSError: v
    |     +------------------------------------
    +------------------------------------`,
    );
  });

  it('shows where a syntax error is', () => {
    const syntax_error = { filename: 'd.py', lineno: 3, line: '  x = = 1\n', offset: 7, msg: 'invalid syntax' };
    const detail = [{ exc_type: 'SyntaxError', exc_value: 'invalid syntax', syntax_error, frames: [] }];
    expect(readLogLine(record({ error_detail: detail })).message).toBe(
      'e\n  File "d.py", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax',
    );
  });

  it.each([
    [null],
    [7],
    ['text'],
    [{}],
    [[]],
    [[null, [], 3]],
    [[{ exc_type: 1, frames: 'x', exceptions: 2, is_group: true }]],
  ])('survives %j for an error', error_detail => {
    expect(readLogLine(record({ error_detail })).message).toMatch(/^e/);
  });

  it('survives groups and values nested without end', () => {
    const depth = 20_000;
    const groups = '[{"is_group":true,"exceptions":['.repeat(depth) + ']}]'.repeat(depth);
    const arrays = '['.repeat(depth) + ']'.repeat(depth);
    const line = record({}).replace(/}$/, `,"error_detail":${groups},"deep":${arrays}}`);
    expect(readLogLine(line).message).toMatch(/^e deep=/);
  });
});

describe('toUtc', () => {
  it('agrees with Date on every moment and zone', () => {
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const date = fc.date({ min: new Date('1970-01-03'), max: new Date('2099-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(date, offset, (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const abs = Math.abs(minutes);
        const zone = `${minutes < 0 ? '-' : '+'}${String(Math.floor(abs / 60)).padStart(2, '0')}${String(abs % 60).padStart(2, '0')}`;
        expect(toUtc(local + zone)).toBe(date.toISOString());
      }),
    );
  });
});

describe('createLogLineReader', () => {
  it('reads the same whatever the pieces', () => {
    const text = logs[1]?.body.toString('utf8') + '\r\nx\n\nlast\r';
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), cuts => {
        const reader = createLogLineReader();
        const places = [...new Set([0, ...cuts, text.length])].sort((a, b) => a - b);
        const lines = places.flatMap((place, i) => reader.push(text.slice(place, places[i + 1] ?? text.length)));
        expect([...lines, ...reader.end()]).toEqual(readLogLines(text));
      }),
      { numRuns: 50 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        const text = new TextDecoder().decode(bytes);
        expect(readLogLines(text)).toHaveLength(text === '' ? 0 : text.replace(/\n$/, '').split('\n').length);
      }),
    );
  });

  it('takes a line of 64 MiB in pieces without searching it again for each', () => {
    const reader = createLogLineReader();
    const piece = 'x'.repeat(65_536);
    for (let i = 0; i < 1024; i++) expect(reader.push(piece)).toEqual([]);
    expect(reader.push('\n')[0]?.message).toHaveLength(64 << 20);
  });
});
