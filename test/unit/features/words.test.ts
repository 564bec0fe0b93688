import { describe, expect, it } from 'vitest';
import { joinWords, runWords, sameMinute, sizeWords, utcWords } from '../../../src/features/explorer/words';

describe('a run id in words', () => {
  it.each([
    ['scheduled__2026-11-20T00:00:00+00:00', '20 Nov 2026, 00:00 UTC', 'scheduled'],
    ['manual__2026-11-23T06:48:54.261789+00:00', '23 Nov 2026, 06:48:54 UTC', 'manual'],
    ['manual__2026-11-23T06:48:54+00:00_mYXe0wmv', '23 Nov 2026, 06:48:54 UTC', 'manual'],
    ['asset_triggered__2026-11-23T06:48:00+00:00_KsBhKyCB', '23 Nov 2026, 06:48 UTC', 'asset'],
    ['dataset_triggered__2026-11-23T06:48:00+00:00', '23 Nov 2026, 06:48 UTC', 'dataset'],
    ['backfill__2026-10-03T02:00:00+02:00', '3 Oct 2026, 00:00 UTC', 'backfill'],
    ['scheduled__2026-09-03T00:00:00', '3 Sep 2026, 00:00 UTC', 'scheduled'],
  ])('%s', (runId, label, kind) => {
    expect(runWords(runId)).toMatchObject({ label, kind });
  });

  it.each(['release-4.2~rc1+build:7', 'what if', 'größe', 'scheduled__', 'manual__2026-13-40T99:00:00+00:00', ''])(
    'leaves %j as it is',
    runId => {
      expect(runWords(runId)).toEqual({ label: runId });
    },
  );
});

it('shows seconds only where two runs of one kind share a minute', () => {
  const runs = [
    'manual__2026-11-23T06:48:54+00:00',
    'manual__2026-11-23T06:48:12+00:00',
    'manual__2026-11-23T06:49:01+00:00',
  ];
  expect([...sameMinute(runs)].sort()).toEqual([runs[1], runs[0]]);
  expect(runWords(runs[2] as string, false).label).toBe('23 Nov 2026, 06:49 UTC');
});

describe('sizes, moments and rows', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [5222, '5.1 KB'],
    [1024 * 1024, '1.0 MB'],
    [5 * 1024 ** 4, '5.0 TB'],
  ])('%d bytes', (bytes, words) => {
    expect(sizeWords(bytes)).toBe(words);
  });

  it('writes moments in UTC', () => {
    expect(utcWords(new Date('2026-02-28T23:59:59.999Z'))).toBe('28 Feb 2026, 23:59:59 UTC');
  });

  it('joins what is there', () => {
    expect(joinWords('attempt 2', '5.1 KB', undefined, 'failed')).toBe('attempt 2 · 5.1 KB · failed');
  });
});
