import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TEMPLATE, isProbeKey, parseLogKey, printLogKey } from '../../../src/core/logs/log-key';
import { compileTemplate, type LogKeyTemplate } from '../../../src/core/logs/log-key-template';
import type { TaskLog } from '../../../src/core/logs/task-log';
import { storedLogs } from './airflow-logs';

const logs = storedLogs();
const OLD_TEMPLATE = '{{ti.dag_id}}/{{ti.task_id}}/{{ts}}/{{try_number}}.log';

const id = fc.stringMatching(/^[\p{L}\p{N}_.-]{1,12}$/u);
const count = fc.nat({ max: 1_000_000 });
const runId = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('run_id=x/task_id=y', 'adhoc/2026/11', 'a/task_id=b/attempt=1.log', 'x/task_id=t/map_index=3', '/'),
  fc.tuple(id, id).map(([a, b]) => `${a}/task_id=${b}/attempt=2.log.trigger.3.log`),
);
const taskLog = fc
  .record({ dagId: id, runId, taskId: fc.oneof(id, fc.constant('a.log.trigger.5.log')), attempt: count })
  .chain(log => fc.tuple(fc.constant(log), fc.option(count), fc.option(count)))
  .map(
    ([log, mapIndex, triggerJobId]): TaskLog => ({
      ...log,
      ...(mapIndex === null ? {} : { mapIndex }),
      ...(triggerJobId === null ? {} : { triggerJobId }),
    }),
  );

function compiled(text: string): LogKeyTemplate {
  const result = compileTemplate(text);
  if ('problem' in result) throw new Error(result.problem.message);
  return result.template;
}

describe('parseLogKey', () => {
  it('agrees with the database of Airflow on every key that follows a template', () => {
    expect(logs).toHaveLength(281);
    const templated = logs.filter(log => log.truth.key_rule === 'template');
    expect(templated).toHaveLength(269);
    for (const { key, prefix, truth } of templated) {
      const isOld = prefix === 'old-template/';
      const log = parseLogKey(key, prefix);
      expect(log, key).toMatchObject({ dagId: truth.dag_id, taskId: truth.task_id, attempt: truth.try_number });
      expect(log?.triggerJobId !== undefined, key).toBe(truth.kind === 'trigger');
      if (isOld) {
        expect(truth.run_id, key).toContain(log?.runId);
        expect(log?.mapIndex).toBeUndefined();
      } else {
        expect(log?.runId).toBe(truth.run_id);
        expect(log?.mapIndex ?? -1).toBe(truth.map_index);
      }
    }
  });

  it('leaves the objects under "other" that tell no attempt, and reads folded run ids as the key has them', () => {
    const others = logs.filter(log => log.truth.key_rule !== 'template');
    for (const { key, prefix, truth } of others) {
      const log = parseLogKey(key, prefix);
      if (/folded/.test(truth.key_rule)) expect(log?.runId).toMatch(/^a\/(b\/\.\.\/)?c$/);
      else expect(log, key).toBeUndefined();
    }
  });

  it.each([
    ['dag_id=d/run_id=r/task_id=t/attempt=01.log', undefined],
    ['dag_id=d/run_id=r/task_id=t/attempt=1.log.gz', undefined],
    ['dag_id=d/run_id=r/task_id=t/map_index=-1/attempt=1.log', undefined],
    ['dag_id=d/run_id=r/task_id=t/attempt=99999999999999999999.log', undefined],
    ['dag_id=d/run_id=/task_id=t/attempt=1.log', undefined],
    ['dag_id=/run_id=r/task_id=t/attempt=1.log', undefined],
    ['dag_id=d/run_id=r/task_id=t/attempt=1.log/', undefined],
    ['dag_id=d/run_id=r/task_id=t/attempt=1.log.trigger.log', undefined],
    ['dag_id=d/run_id=r\n2/task_id=t/attempt=1.log', { dagId: 'd', runId: 'r\n2', taskId: 't', attempt: 1 }],
    ['.astro-log-export/x', undefined],
    ['d/t/not-a-date/1.log', undefined],
    [
      'd/t/2026-11-23T07:33:09.5+00:00/2.log.trigger.7.log',
      { dagId: 'd', runId: '2026-11-23T07:33:09.5+00:00', taskId: 't', attempt: 2, triggerJobId: 7 },
    ],
  ])('reads %j as %j', (rest, expected) => {
    expect(parseLogKey(rest, '')).toEqual(expected);
    expect(parseLogKey(`p/${rest}`, 'p/')).toEqual(expected);
    expect(parseLogKey(`q/${rest}`, 'p/')).toBeUndefined();
  });

  it('reads back whatever it prints', () => {
    fc.assert(
      fc.property(taskLog, fc.constantFrom('', 'logs/', 'dag_id=x/run_id=y/'), (log, prefix) => {
        expect(parseLogKey(printLogKey(log, prefix), prefix)).toEqual(log);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), key => void parseLogKey(key, '')));
  });
});

describe('printLogKey', () => {
  it('prints the keys that Airflow wrote, byte for byte', () => {
    for (const { key, prefix } of logs) {
      const log = parseLogKey(key, prefix);
      if (log && prefix === 'some/prefix/') expect(printLogKey(log, prefix)).toBe(key);
    }
  });
});

describe('isProbeKey', () => {
  it('knows the probes of this export only', () => {
    expect(isProbeKey('logs/.astro-log-export/1', 'logs/')).toBe(true);
    expect(isProbeKey('.astro-log-export/1', 'logs/')).toBe(false);
  });
});

describe('compileTemplate', () => {
  it('makes of the default template what is built in', () => {
    for (const text of [DEFAULT_TEMPLATE, DEFAULT_TEMPLATE.replace(/\{%|%\}/g, sign => sign.replace('%', '%%'))]) {
      const template = compiled(text);
      fc.assert(
        fc.property(taskLog, log => {
          expect(template.print(log)).toBe(printLogKey(log, ''));
          expect(template.parse(printLogKey(log, ''))).toEqual(log);
        }),
      );
    }
  });

  it('reads the old template as it is configured', () => {
    const template = compiled(OLD_TEMPLATE);
    const old = logs.filter(log => log.prefix === 'old-template/' && log.truth.key_rule === 'template');
    for (const { key, prefix } of old) {
      const log = parseLogKey(key, prefix, template) as TaskLog;
      expect(log).toEqual(parseLogKey(key, prefix));
      expect(prefix + template.print(log)).toBe(key);
    }
  });

  it.each([
    '{{ ti.dag_id }}/{{ ti.run_id }}/{{ ti.task_id }}/{% if ti.map_index > -1 %}{{ ti.map_index }}{% else %}all{% endif %}/{{ ti.try_number }}.txt',
    '{{ run_id }}:{{ ti.task_id }}:{{ ti.dag_id }}/{%- if ti.map_index >= 0 -%}m{{ ti.map_index }}/{%- endif -%}try_{{ try_number }}',
    'v1/{{ ti.task_id }}:{{ dag_run.run_id }}.{{ try_number }}/{{ dag.dag_id }}/{# who #}{{ ti.dag_id }}{% if ti.map_index != -1 %}/{{ ti.map_index }}{% endif %}.log',
  ])('reads back what it prints: %s', text => {
    const template = compiled(text);
    fc.assert(
      fc.property(taskLog, log => {
        const key = template.print(log) as string;
        expect(template.parse(key)).toEqual(log);
        const { dagId, runId } = log;
        for (const known of [{}, { dagId }, { dagId, runId }, log]) {
          expect(key.startsWith(template.place(known))).toBe(true);
        }
      }),
    );
  });

  it('reads keys that end in the id of the task instance, and says that it cannot print them', () => {
    const template = compiled(DEFAULT_TEMPLATE.replace('.log', '/{{ ti.id }}.log'));
    const uuid = '019abf2e-2d3c-7b51-a111-0123456789ab';
    const log = { dagId: 'd', runId: 'r', taskId: 't', attempt: 2 };
    expect(template.parse(`dag_id=d/run_id=r/task_id=t/attempt=2/${uuid}.log`)).toEqual(log);
    expect(template.print(log)).toBeUndefined();
  });

  it.each([
    ['{{ ti.dag_id }}/{{ ti.hostname }}/x', '{{ ti.hostname }}', /ti\.hostname/],
    [
      '{{ ti.dag_id }}/{{ ti.run_id }}/{{ ti.task_id | upper }}/{{ try_number }}',
      '{{ ti.task_id | upper }}',
      /ti\.task_id \| upper/,
    ],
    ['{{ ti.dag_id }}{% for x in y %}', '{% for x in y %}', /for x in y/],
    ['{{ ti.dag_id }}/{% if ti.map_index >= 0 %}x', '{% if ti.map_index >= 0 %}', /endif/],
    ['{{ ti.dag_id }}-{{ ti.task_id }}/{{ ti.run_id }}/{{ try_number }}', '{{ ti.dag_id }}', /where.*ends/],
    ['{{ ti.dag_id }}/{{ ti.run_id }}_{{ ti.task_id }}/{{ try_number }}', '{{ ti.run_id }}', /where.*ends/],
    ['{{ ti.dag_id }}/{{ ti.task_id }}{{ try_number }}/{{ ti.run_id }}', '{{ ti.task_id }}', /where.*ends/],
    ['{{ ti.dag_id }}/{{ ti.task_id', '{{', /not closed/],
    ['{{ constructor }}', '{{ constructor }}', /constructor/],
  ])('says which part of %j it cannot use', (text, part, message) => {
    const result = compileTemplate(text);
    if (!('problem' in result)) throw new Error('compiled');
    expect(text.slice(result.problem.range.start, result.problem.range.end)).toBe(part);
    expect(result.problem.message).toMatch(message);
  });

  it.each([
    ['{{ ti.dag_id }}/{{ ti.task_id }}/{{ try_number }}.log', 'ti.run_id'],
    ['{{ ti.run_id }}/{{ ti.task_id }}/{{ try_number }}.log', 'ti.dag_id'],
    ['{{ ti.dag_id }}/{{ ti.run_id }}/{{ ti.task_id }}.log', 'try_number'],
    ['logs', 'ti.dag_id'],
  ])('says what %j never names', (text, name) => {
    expect(compileTemplate(text)).toMatchObject({ problem: { message: expect.stringContaining(name) } });
  });
});
