import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asSentences } from '../../../src/features/ui/sentences';
import { wrapText } from '../../../src/features/ui/wrap';

describe('sentences', () => {
  it.each([
    [['no AWS credentials were found', 'Log in'], 'No AWS credentials were found. Log in.'],
    [['s3:PutObject on x is denied', null], 's3:PutObject on x is denied.'],
    [['Done.', undefined, '', '  again  '], 'Done. Again.'],
    [['.env: not set'], '.env: not set.'],
  ])('%j', (parts, text) => {
    expect(asSentences(...parts)).toBe(text);
  });
});

describe('rows of a long text', () => {
  it('breaks between words, and a long name behind the signs that join it', () => {
    expect(wrapText('Add s3:PutObject on arn:aws:s3:::acme-airflow-logs/logs/orders/* now', 32)).toEqual([
      'Add s3:PutObject on',
      'arn:aws:s3:::acme-airflow-logs/',
      'logs/orders/* now',
    ]);
  });

  it('loses nothing but blanks, and makes no row too long', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const rows = wrapText(text, width);
        expect(rows.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const row of rows) expect(row.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
