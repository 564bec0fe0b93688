import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogRenderer, readableText, renderLog } from '../../../src/core/logs/render';
import { storedLogs } from './airflow-logs';

const logs = storedLogs();

describe('renderLog', () => {
  it('reads like a log in both formats', () => {
    const text = [
      '[2026-11-23T06:47:13.754+0000] {visible.py:26} WARNING - 3 of 42 orders have no postcode',
      'more of it',
      '{"timestamp":"2026-11-23T07:08:38.011878","level":"info","event":"::group::Pre Execute","logger":"task"}',
      '{"timestamp":"2026-11-23T07:08:40Z","level":"error","event":"Task failed","logger":"task","error_detail":' +
        '[{"exc_type":"KeyError","exc_value":"x","frames":[{"filename":"a.py","lineno":1,"name":"f"}]}]}',
    ].join('\n');
    expect(renderLog(text)).toBe(`2026-11-23T06:47:13.754Z WARNING  [visible.py:26] 3 of 42 orders have no postcode
more of it
2026-11-23T07:08:38.011878Z INFO     [task] ::group::Pre Execute
2026-11-23T07:08:40Z ERROR    [task] Task failed
Traceback (most recent call last):
  File "a.py", line 1, in f
KeyError: x
`);
  });

  it('leaves nothing in the logs of real Airflow that a terminal or an editor would obey', () => {
    for (const { key, body } of logs) {
      const text = renderLog(body.toString('utf8'));
      expect(text, key).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]/);
      expect(text.endsWith('\n'), key).toBe(true);
    }
  });

  it('keeps what colours, progress bars and odd separators were around', () => {
    const log = logs.find(({ version, key }) => version === '3.0.6' && key.includes('unicode_and_ansi'));
    const text = renderLog(log?.body.toString('utf8') as string);
    expect(text).toContain('red bold green plain orange\n');
    expect(text).toContain('progress 10%\nprogress 50%\nprogress 100%\n');
    expect(text).toContain('tab\tseparated');
    expect(text).toContain('naïve café – Größe 日本語');
  });

  it('says the same in pieces', () => {
    for (const { body } of logs.slice(0, 20)) {
      const text = body.toString('utf8');
      const renderer = createLogRenderer();
      const pieces = text.match(/[\s\S]{1,777}/g) ?? [];
      expect(pieces.map(piece => renderer.push(piece)).join('') + renderer.end()).toBe(renderLog(text));
    }
  });

  it('is done with hostile text before the test times out', () => {
    for (const piece of ['\x1b[', '\x1b]0;', '\0', '\r', '[2026-11-23T06:47:13.754+0000] {', '{"event":']) {
      const text = piece.repeat(1_000_000 / piece.length);
      renderLog(text);
    }
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void renderLog(text)));
  });
});

describe('readableText', () => {
  it.each([
    ['\x1b[38;5;208morange\x1b[0m', 'orange'],
    ['\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x07', 'link'],
    ['\x1b]unfinished title', 'unfinished title'],
    ['a\x1b(Bb\x1bMc\x1b', 'abc'],
    ['a\0\0\0b', 'a\u2400b'],
    ['bell\x07 back\x08 del\x7f', 'bell\u2407 back\u2408 del\u2421'],
    ['a\r\r\nb\u2028c\x85d\x0ce', 'a\n\nb c d e'],
    ['tab\tand\nline', 'tab\tand\nline'],
  ])('%j → %j', (text, expected) => {
    expect(readableText(text)).toBe(expected);
  });
});
