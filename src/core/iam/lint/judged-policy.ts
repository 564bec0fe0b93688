import type { Node } from 'jsonc-parser';
import type { ExportFacts } from '../../export-facts';
import type { Finding, Fix, RelatedPlace } from '../../finding';
import type { FindingCode } from '../../finding-table';
import { makeFinding } from '../../make-finding';
import type { TextEdit, TextRange } from '../../text/text-range';
import type { PolicyDocument } from '../policy';
import { type JudgedTarget, type Judgement, judgeBucketPolicy, judgePermission } from './needed-requests';
import { documentOf } from './policy-document';
import type { PolicyReading } from './policy-reading';
import { rangeOf, type StatementView } from './policy-view';

/** A policy together with the export that it is judged for. */
export interface JudgedPolicy {
  readonly reading: PolicyReading;
  readonly document: PolicyDocument;
  readonly target: JudgedTarget;
  /** The export that the target is of; absent where the policy is judged by the bucket that it names itself. */
  readonly export?: ExportFacts;
  /** Whether nothing else is likely to be meant than that export, so that a fix may write its bucket. */
  readonly isCertain: boolean;
}

export function judgedPolicy(
  reading: PolicyReading,
  target: JudgedTarget,
  facts: ExportFacts | undefined,
  isCertain: boolean,
): JudgedPolicy {
  return { reading, document: documentOf(reading), target, ...(facts ? { export: facts } : {}), isCertain };
}

/** What the policy, or a changed one in its place, says of an action of the export. */
export function judge(
  { reading, document, target }: JudgedPolicy,
  action: string,
  changed: PolicyDocument = document,
  addresses: 'passes' | 'hits' = 'passes',
): Judgement {
  const ask = reading.kind === 'bucket' ? judgeBucketPolicy : judgePermission;
  return ask(changed, action, target, addresses);
}

/** A document with other statements. */
export function withStatements(document: PolicyDocument, statements: PolicyDocument['Statement']): PolicyDocument {
  return { ...document, Statement: statements };
}

type Details = {
  readonly related?: readonly RelatedPlace[];
  readonly fix?: Fix;
  readonly alternatives?: readonly Fix[];
} & Partial<Pick<Finding, 'severity'>>;

/**
 * A finding at a place of the JSON as it was read. Where the text had to be put right before, that comes first: the
 * finding then has no fix of its own yet.
 */
export function policyFinding(
  reading: PolicyReading,
  code: FindingCode,
  at: Node | TextRange,
  message: string,
  { fix, alternatives = [], ...rest }: Details = {},
): Finding {
  const range = 'offset' in at ? rangeOf(at) : at;
  const place = reading.source.place(range);
  const isWhole = reading.source.repairs.length === 0;
  return makeFinding(code, widen(place, reading.source.text), message, {
    ...rest,
    ...(isWhole && fix ? { fix } : {}),
    alternatives: isWhole ? alternatives : [],
  });
}

/** An empty range can't be seen: the character beside it is taken too. */
function widen({ start, end }: TextRange, text: string): TextRange {
  if (end > start) return { start, end };
  return start < text.length ? { start, end: start + 1 } : { start: Math.max(0, start - 1), end: start };
}

export function fixOf(title: string, edits: readonly TextEdit[]): Fix {
  return { title, edits };
}

/** The key of a statement's element, else the statement's `Effect`, else the statement. */
export function nodeOf(view: StatementView, ...names: readonly string[]): Node {
  for (const name of names) {
    const found = view.elements.get(name);
    if (found) return found.key;
  }
  return view.elements.get('Effect')?.key ?? view.node;
}

/** A trust policy together with the role that it belongs to, where that is known. */
export interface JudgedTrust {
  readonly reading: PolicyReading;
  readonly document: PolicyDocument;
  readonly roleArn?: string;
}
