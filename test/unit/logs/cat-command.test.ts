import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../../../src/core/logs/log-lines';
import { readLogLines } from '../../../src/core/logs/log-lines';
import { renderLog } from '../../../src/core/logs/render';
import { followLog, readLog } from '../../../src/jobs/read-log';
import { BUCKET, runCli, startWorld } from '../verify/world';
import { storedLogs } from './airflow-logs';
import { type LogBucket, startLogBucket } from './log-bucket';

const logs = storedLogs().filter(({ key }) => /chained|unicode_and_ansi|levels|wait_many/.test(key));

describe('cat', () => {
  let world: Awaited<ReturnType<typeof startWorld>>;
  beforeAll(async () => {
    world = await startWorld('workload-identity');
    for (const log of logs) await world.sandbox.s3.putObject(BUCKET, `logs/${log.version}/${log.key}`, log.body);
    await world.sandbox.s3.putObject(BUCKET, 'logs/empty', '');
    await world.sandbox.s3.putObject(BUCKET, 'logs/a+b c%41.log', 'plain\nlast');
    await world.sandbox.s3.putObject(BUCKET, 'logs/zipped', gzipSync('one\ntwo\n'));
  });
  beforeEach(() => world.sandbox.faults.clear());
  afterAll(() => world.stop());

  const cat = (...args: string[]) => runCli(['cat', ...args], world.dir, world.env);
  const lines = async (...args: string[]) => {
    const { code, stdout } = await cat(...args, '--format', 'json');
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { lines: LogLine[] }).lines;
  };

  it('prints the logs of real Airflow as text, as JSON and as they are', async () => {
    for (const { version, key, body } of logs) {
      const text = body.toString('utf8');
      const place = `logs/${version}/${key}`;
      expect((await cat(place)).stdout).toBe(renderLog(text));
      expect((await cat(place, '--raw')).stdout).toBe(text);
      const all = readLogLines(text);
      expect(await lines(place)).toEqual(all);
      expect(await lines(place, '--tail', '3')).toEqual(all.slice(-3));
    }
  });

  it.each([
    [['logs/empty'], []],
    [['logs/empty', '--tail', '5'], []],
    [['logs/a+b c%41.log'], ['plain', 'last']],
    [['logs/a+b c%41.log', '--tail', '1'], ['last']],
    [['logs/a+b c%41.log', '--tail', '0'], []],
    [
      ['logs/a+b c%41.log', '--tail', '99'],
      ['plain', 'last'],
    ],
    [['logs/zipped'], ['one', 'two']],
    [['logs/zipped', '--tail', '1'], ['two']],
  ])('%j has the lines %j', async (args, messages) => {
    expect((await lines(...args)).map(({ message }) => message)).toEqual(messages);
  });

  it.each([
    [['logs/none'], 's3://acme-airflow-logs/logs/none'],
    [['logs/none', '--tail', '3'], 's3://acme-airflow-logs/logs/none'],
    [['logs/none', '--follow'], 's3://acme-airflow-logs/logs/none'],
    [[], 'one key'],
    [['a', 'b'], 'one key'],
    [['logs/empty', '--tail', '-1'], '--tail'],
    [['logs/empty', '--tail', 'all'], '--tail'],
    [['logs/empty', '--raw', '--format', 'json'], '--raw'],
    [['logs/empty', '--env', 'none.env'], 'none.env'],
  ])('cannot run with %j', async (args, said) => {
    const { code, stdout, stderr } = await cat(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('follows until it is stopped, which is no failure, and closes its JSON', async () => {
    const stop = new AbortController();
    const running = runCli(['cat', 'logs/zipped', '--follow', '--format', 'json'], world.dir, world.env, stop.signal);
    world.sandbox.faults.add({
      effect: { kind: 'reset' },
      matches: ({ method }) => {
        // The first look at what may have been added.
        if (method === 'HEAD') stop.abort();
        return false;
      },
    });
    const { code, stdout } = await running;
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { lines: LogLine[] }).lines.map(({ message }) => message)).toEqual(['one', 'two']);
  });
});

describe('reading a part of a log', () => {
  let place: LogBucket;
  beforeAll(async () => {
    place = await startLogBucket();
  });
  afterAll(() => place.stop());

  const tail = async (key: string, lines: number) => {
    place.requests();
    const pieces: Buffer[] = [];
    for await (const bytes of readLog({ bucket: place.session.bucket, key, tail: lines })) pieces.push(bytes);
    return { text: Buffer.concat(pieces).toString('utf8'), requests: place.requests() };
  };

  it('gets the last screen of a large log with one request', async () => {
    const text = Array.from({ length: 300_000 }, (_, i) => `line ${i} of many more – ü`).join('\n') + '\n';
    await place.put('large', text);
    expect(await tail('large', 50)).toEqual({
      text: text.split('\n').slice(-51).join('\n'),
      requests: ['GET'],
    });
    const many = await tail('large', 20_000);
    expect(many.text).toBe(text.split('\n').slice(-20_001).join('\n'));
    expect(many.requests.length).toBeLessThanOrEqual(4);
  });

  it('finds the last line where it is longer than any guess', async () => {
    await place.put('long', `first\n${'x'.repeat(3_000_000)}`);
    expect((await tail('long', 1)).text).toHaveLength(3_000_000);
    expect((await tail('long', 2)).text).toHaveLength(3_000_006);
  });

  it('reads a log larger than a piece', async () => {
    const text = 'y'.repeat(9 << 20);
    await place.put('pieces', text);
    let size = 0;
    for await (const bytes of readLog({ bucket: place.session.bucket, key: 'pieces' })) size += bytes.length;
    expect(size).toBe(text.length);
  });

  it('shows a gzipped log as far as its upload came, and says where its data is broken', async () => {
    const zipped = gzipSync(Buffer.from('a line\n'.repeat(10_000)));
    await place.put('cut.gz', zipped.subarray(0, zipped.length - 20));
    expect((await tail('cut.gz', 2)).text).toContain('a line');
    await place.put('broken.gz', Buffer.concat([zipped.subarray(0, 12), Buffer.alloc(200, 0xff)]));
    await expect(tail('broken.gz', 2)).rejects.toMatchObject({ code: 'unreadable' });
    await place.put('plain.gz', 'only called so\n');
    expect((await tail('plain.gz', 2)).text).toBe('only called so\n');
  });
});

describe('followLog', () => {
  let place: LogBucket;
  const stop = { now: new AbortController() };
  beforeAll(async () => {
    place = await startLogBucket();
  });
  beforeEach(() => {
    stop.now = new AbortController();
  });
  afterEach(() => stop.now.abort());
  afterAll(() => place.stop());

  /** Reads the next piece as text, or what happened to the object. */
  function following(key: string, tail?: number) {
    const pieces = followLog(
      { bucket: place.session.bucket, key, tail, interval: { first: 5, last: 20 } },
      { signal: stop.now.signal },
    );
    return async () => {
      const { value, done } = await pieces.next();
      if (done) return 'end';
      return 'bytes' in value ? value.bytes.toString('utf8') : value.restarted;
    };
  }

  it.each([
    ['as text', (text: string) => text],
    ['gzipped', (text: string) => gzipSync(text)],
  ])(
    'prints what is added, starts over where the object is another, and ends with the signal (%s)',
    async (_, form) => {
      const key = `grows ${_}`;
      await place.put(key, form('one\n'));
      const next = following(key);
      expect(await next()).toBe('one\n');
      await place.put(key, form('one\ntwo\n'));
      expect(await next()).toBe('two\n');
      await place.put(key, form(`one\ntwo\n${'three\n'.repeat(1_000)}`));
      expect(await next()).toBe('three\n'.repeat(1_000));
      await place.put(key, form('new\n'));
      expect(await next()).toBe('shorter');
      expect(await next()).toBe('new\n');
      await place.put(key, form('another\n'));
      expect(await next()).toBe('different');
      expect(await next()).toBe('another\n');
      stop.now.abort();
      expect(await next()).toBe('end');
    },
  );

  it('waits for an object that was deleted', async () => {
    await place.put('gone', 'one\n');
    const next = following('gone', 1);
    expect(await next()).toBe('one\n');
    await place.session.bucket.delete('gone');
    expect(await next()).toBe('gone');
    await place.put('gone', 'back\n');
    expect(await next()).toBe('back\n');
  });

  it('begins after the last lines asked for, also after none', async () => {
    await place.put('none', 'one\ntwo\n');
    const next = following('none', 0);
    place.requests();
    const coming = next();
    await vi.waitFor(() => expect(place.requests()).toContain('HEAD'));
    await place.put('none', 'one\ntwo\nthree');
    expect(await coming).toBe('three');
  });
});
