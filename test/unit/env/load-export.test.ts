import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportError, isExportError } from '../../../src/core/export-error';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import { loadExport } from '../../../src/jobs/load-export';
import { readTextFile } from '../../../src/jobs/read-text-file';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'env-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(content: string | Uint8Array): string {
  const file = path.join(folder, 'test.env');
  writeFileSync(file, content);
  return file;
}

async function failure(work: Promise<unknown>): Promise<ExportError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isExportError(error)) throw new Error(`expected an ExportError, got ${String(error)}`);
  return error;
}

describe('loadExport', () => {
  it('gives settings, target and the whole text', async () => {
    const text = `\ufeff${EXPORT_KEYS.enabled}=true\r\n${EXPORT_KEYS.baseLogFolder}="s3://acme-logs/prod"\r\n`;
    expect(await loadExport(write(text))).toEqual({
      settings: { enabled: 'true', baseLogFolder: 's3://acme-logs/prod' },
      target: { bucket: 'acme-logs', prefix: 'prod/', accessMode: 'workload-identity' },
      text,
    });
  });

  it.each<[string, string | Uint8Array, string, RegExp]>([
    ['none of our keys', 'A=1\n', 'bad-settings', /S3_BASE_LOG_FOLDER is not set/],
    ['a key that is commented out', `#${EXPORT_KEYS.baseLogFolder}=s3://acme-logs\n`, 'bad-settings', /is not set/],
    [
      'U+2011 in the bucket',
      `${EXPORT_KEYS.baseLogFolder}=s3://my\u2011bucket/x\n`,
      'bad-settings',
      /U\+2011 \(non-breaking hyphen\)/,
    ],
    ['UTF-16, little end first', Buffer.from('\ufeffA=1\n', 'utf16le'), 'unreadable', /UTF-16/],
    ['UTF-16, big end first', Buffer.from('\ufeffA=1\n', 'utf16le').swap16(), 'unreadable', /UTF-16/],
    ['a byte that is not UTF-8', Buffer.from([0x41, 0x0a, 0x42, 0xff]), 'unreadable', /line 2/],
    ['a cut character', Buffer.from([0x41, 0xe2, 0x80]), 'unreadable', /line 1/],
  ])('names the file and the way out for %s', async (_name, content, code, words) => {
    const file = write(content);
    const error = await failure(loadExport(file));
    expect(error.code).toBe(code);
    expect(error.message).toContain(file);
    expect(error.message).toMatch(words);
    expect(error.nextStep).not.toBe('');
  });

  it('tells a missing file, a folder and a path through a file apart', async () => {
    const missing = await failure(loadExport(path.join(folder, 'nowhere.env')));
    expect(missing).toMatchObject({ code: 'unreadable', message: expect.stringContaining('nowhere.env') });
    expect(await failure(loadExport(folder))).toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('folder'),
    });
    const through = path.join(write('A=1'), '.env');
    expect(await failure(loadExport(through))).toMatchObject({ code: 'unreadable' });
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('tells a file without permission', async () => {
    const file = write('A=1');
    chmodSync(file, 0);
    expect(await failure(loadExport(file))).toMatchObject({ message: expect.stringContaining('permission') });
    chmodSync(file, 0o600);
  });

  it('keeps NULs, and takes a short text with one for what it is', async () => {
    expect(await readTextFile(write('K=a\0b\n'))).toBe('K=a\0b\n');
    expect(await readTextFile(write(''))).toBe('');
  });
});
