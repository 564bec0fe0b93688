import { renderLog } from '../../../src/core/logs/render';

/** What collects the output of a container puts around its lines; the text under test is what stood in it before. */
export const COLLECTORS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': text => text,
  'CRLF and a byte order mark': text => `\ufeff${text.replaceAll('\n', '\r\n')}`,
  'docker compose': text => lines(text, line => `airflow-worker-1  | ${line}`),
  'docker compose with colours': text => lines(text, line => `\x1b[36mairflow-worker-1  | \x1b[0m${line}`),
  'kubectl --prefix': text => lines(text, line => `[pod/clean-star-1234-worker-abc-x7k2p/worker] ${line}`),
  'the kubelet': text => lines(text, (line, i) => `2026-11-23T07:14:58.${100 + i}456789Z stderr F ${line}`),
  'docker json-file': text =>
    lines(text, line => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-11-23T07:14:58.1Z' })),
  'docker --timestamps': text => lines(text, (line, i) => `2026-11-23T07:14:58.${100 + i}456789Z ${line}`),
  'colours of the console': text =>
    text
      .replace(/\[(error|warning|info) *\]/g, '[\x1b[31m\x1b[1m$1    \x1b[0m]')
      .replace(/Traceback/g, '\x1b[31mTraceback'),
  'the explorer': text => renderLog(text),
  'the output of celery': text =>
    text.replace(/^(\[2026[^\n]*ERROR - )/gm, '[2026-11-23 07:14:58,343: WARNING/ForkPoolWorker-15] $1'),
};

function lines(text: string, map: (line: string, i: number) => string): string {
  return text.trimEnd().split('\n').map(map).join('\n');
}

const FRAMES = [
  'Traceback (most recent call last):',
  '  File "/usr/local/lib/python3.11/site-packages/airflow/providers/amazon/aws/log/s3_task_handler.py", line 120, in write',
  '    if append and self.s3_log_exists(remote_log_location):',
  '                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
];

/** A failed upload as Airflow 2 prints it: what the handler says, and the errors of its traceback. */
export function airflow2(says: string, ...errors: readonly string[]): string {
  const chain = errors.map(error => [...FRAMES, error].join('\n'));
  const between = '\n\nDuring handling of the above exception, another exception occurred:\n\n';
  return `[2026-11-23T07:14:58.343+0000] {s3_task_handler.py:124} ERROR - ${says}\n${chain.join(between)}\n`;
}

/** The same as Airflow 3 writes it as JSON, with every non-ASCII letter escaped. */
export function airflow3Json(says: string, ...errors: readonly string[]): string {
  const stacks = errors.map(error => {
    const [type = '', ...value] = error.split(': ');
    const filename = '/usr/local/lib/python3.12/site-packages/airflow/providers/amazon/aws/log/s3_task_handler.py';
    return {
      exc_type: type,
      exc_value: value.join(': '),
      is_cause: false,
      frames: [{ filename, lineno: 159, name: 'write' }],
    };
  });
  const record = {
    timestamp: '2026-11-23T07:27:24.929608Z',
    level: 'error',
    event: says,
    logger: 'airflow.providers.amazon.aws.log.s3_task_handler.S3RemoteLogIO',
    error_detail: stacks.reverse(),
  };
  const text = JSON.stringify(record);
  return `${text.replace(/[^\x20-\x7e]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
