import { describe, expect, it } from 'vitest';
import { waitForEffect } from '../../../src/jobs/provision/wait-for-effect';
import { quickClock } from './account';

/** Answers one after another, the last for ever. */
function answering(...answers: readonly boolean[]) {
  let asked = 0;
  const probe = async () => answers[Math.min(asked++, answers.length - 1)] as boolean;
  return { probe, count: () => asked };
}

describe('waiting for IAM', () => {
  it('asks three times even where all is well at once', async () => {
    const { probe, count } = answering(true);
    expect(await waitForEffect(probe, { clock: quickClock() })).toMatchObject({ isInEffect: true });
    expect(count()).toBe(3);
  });

  it('counts anew where a server does not know yet', async () => {
    const { probe, count } = answering(true, true, false, true, true, true);
    expect((await waitForEffect(probe, { clock: quickClock() })).isInEffect).toBe(true);
    expect(count()).toBe(6);
  });

  it('waits longer each time, tells how long it has, and gives up after 90 seconds without calling it a failure', async () => {
    const clock = quickClock();
    const told: number[] = [];
    const { probe } = answering(false);
    const effect = await waitForEffect(probe, { clock, onElapsed: elapsed => told.push(elapsed) });
    expect(effect).toEqual({ isInEffect: false, elapsedMs: 90_000 });
    expect(clock.pauses.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 8000]);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.length).toBe(clock.pauses.length);
  });

  it('passes on what the probe throws', async () => {
    const probe = async () => {
      throw new Error('no connection');
    };
    await expect(waitForEffect(probe, { clock: quickClock() })).rejects.toThrow('no connection');
  });
});
