import type { Finding } from './finding';
import { FINDINGS, type FindingCode } from './finding-table';
import type { TextRange } from './text/text-range';

type Details = Pick<Finding, 'related' | 'fix' | 'alternatives'> & Partial<Pick<Finding, 'severity' | 'docs'>>;

/** A finding with the severity and page of its row in the table; absent and empty details are left out. */
export function makeFinding(code: FindingCode, range: TextRange, message: string, details: Details = {}): Finding {
  const {
    severity = FINDINGS[code].severity,
    docs = FINDINGS[code].docs,
    related = [],
    fix,
    alternatives = [],
  } = details;
  return {
    code,
    severity,
    message,
    range,
    ...(related.length > 0 ? { related } : {}),
    ...(fix ? { fix } : {}),
    ...(alternatives.length > 0 ? { alternatives } : {}),
    docs,
  };
}

/** Order of a report: by place, the outer of two that begin together first, then by code. */
export function compareFindings(a: Finding, b: Finding): number {
  return a.range.start - b.range.start || b.range.end - a.range.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}
