import { describe, expect, it } from 'vitest';
import { OUTCOME_TAIL_BYTES, outcomeOf } from '../../../src/core/logs/outcome';
import { storedLogs } from './airflow-logs';

const logs = storedLogs();

const text = (place: string, message: string) => `[2026-11-23T06:47:13.754+0000] {${place}} INFO - ${message}`;
const json = (event: string, fields: object = { logger: 'task' }) =>
  JSON.stringify({ timestamp: '2026-11-23T07:08:38Z', level: 'info', event, ...fields });

describe('outcomeOf', () => {
  it.each([
    ['whole', Number.POSITIVE_INFINITY],
    ['tail', OUTCOME_TAIL_BYTES],
    ['a last line or two', 400],
  ])('never claims what the database of Airflow denies (%s)', (_, bytes) => {
    for (const { key, body, truth } of logs) {
      const outcome = outcomeOf(body.subarray(-Math.min(bytes, body.length)).toString('utf8'));
      if (outcome === 'failed') expect(truth.attempt_failed, key).toBe(true);
      if (outcome === 'success' || outcome === 'skipped') expect(truth.state, key).toBe(outcome);
    }
  });

  it('knows how nearly every attempt ended', () => {
    const known = (version: string) => {
      const own = logs.filter(log => log.version === version && log.truth.kind === 'task');
      const right = own.filter(
        ({ body, truth }) => outcomeOf(body.subarray(-OUTCOME_TAIL_BYTES).toString('utf8')) === truth.state,
      );
      return right.length / own.length;
    };
    expect(known('2.10.5')).toBe(1);
    expect(known('2.11.2')).toBe(1);
    expect(known('3.0.6')).toBeGreaterThan(0.9);
    expect(known('3.3.2')).toBeGreaterThan(0.9);
  });

  it('tells a log that ends with the task waiting', () => {
    const waiting = logs.flatMap(({ key, body }) => {
      const outcome = outcomeOf(body.toString('utf8'));
      return outcome === 'deferred' || outcome === 'rescheduled'
        ? [`${/task_id=(\w+)/.exec(key)?.[1]} ${outcome}`]
        : [];
    });
    expect(new Set(waiting)).toEqual(
      new Set(['wait_many deferred', 'wait_for_file rescheduled', 'event_error deferred']),
    );
  });

  it.each([
    ['', 'unknown'],
    [text('taskinstance.py:1', 'Marking task as UP_FOR_RETRY. dag_id=d'), 'failed'],
    [text('visible.py:1', 'Marking task as SUCCESS. dag_id=d'), 'unknown'],
    [text('local_task_job_runner.py:1', 'Task exited with return code 0'), 'unknown'],
    [text('local_task_job_runner.py:1', 'Task exited with return code 100 (task deferral)'), 'unknown'],
    [text('local_task_job_runner.py:1', 'Task exited with return code -9. For more'), 'failed'],
    [text('local_task_job_runner.py:1', 'Task exited with return code -15'), 'unknown'],
    [
      `${text('local_task_job_runner.py:1', 'State of this instance has been externally set to success.')}\n` +
        text('taskinstance.py:1', 'Marking task as FAILED. dag_id=d'),
      'unknown',
    ],
    [json('Task exited', { logger: 'task', exit_code: 3 }), 'failed'],
    [json('Task exited', { logger: 'task', exit_code: 0 }), 'unknown'],
    [json('Process terminated by signal.', { logger: 'task', signal_name: 'SIGTERM' }), 'unknown'],
    [`${json('Pushing xcom')}\n${json('Task failed with exception')}`, 'failed'],
    [`${json('Task failed with exception')}\r\n${json('Pushing xcom', { logger: 'task', chan: 'stdout' })}`, 'failed'],
    [`${json('Pausing task as DEFERRED. ')}\n${json('::group::Pre Execute')}`, 'unknown'],
    [
      `${json('Pushing xcom')}\n${json('Failed to report terminal task state to supervisor', { logger: 'task', state: 'success' })}`,
      'unknown',
    ],
    [`\0\0${json('Skipping task.')}`, 'skipped'],
    [json('Task failed with exception', { logger: 'task.stdout' }), 'unknown'],
    ['Task failed with exception', 'unknown'],
  ])('takes %j for %s', (tail, expected) => {
    expect(outcomeOf(tail)).toBe(expected);
  });
});
