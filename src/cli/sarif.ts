import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { FINDINGS, type FindingCode, type Severity } from '../core/finding-table';
import { LineIndex } from '../core/text/line-index';
import type { TextRange } from '../core/text/text-range';
import type { LintedFile } from '../jobs/lint';

declare const __VERSION__: string;

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** The findings as a SARIF 2.1.0 log. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function toSarif(files: readonly LintedFile[]) {
  const codes = [...new Set(files.flatMap(({ findings }) => findings.map(({ code }) => code)))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'astro-log-export',
            ...(typeof __VERSION__ === 'string' ? { version: __VERSION__ } : {}),
            rules: codes.map(toRule),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(file => toResults(file, codes)),
      },
    ],
  };
}

function toRule(code: FindingCode) {
  const { summary, docs, severity } = FINDINGS[code];
  return {
    id: code,
    shortDescription: { text: summary },
    helpUri: docs,
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function toResults({ file, text, findings }: LintedFile, codes: readonly FindingCode[]) {
  const index = new LineIndex(text);
  const artifactLocation = { uri: toUri(file) };
  const toRegion = (range: TextRange) => {
    const { start, end } = index.rangeAt(range);
    return {
      startLine: start.line + 1,
      startColumn: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    };
  };
  return findings.map(({ code, severity, message, range, related, fix }) => ({
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, region: toRegion(range) } }],
    ...(related && {
      relatedLocations: related.map(place => ({
        physicalLocation: {
          artifactLocation: place.file === undefined ? artifactLocation : { uri: toUri(place.file) },
          ...(place.file === undefined ? { region: toRegion(place.range) } : {}),
        },
        message: { text: place.message },
      })),
    }),
    ...(fix && {
      fixes: [
        {
          description: { text: fix.title },
          artifactChanges: [
            {
              artifactLocation,
              replacements: fix.edits.map(edit => ({
                deletedRegion: toRegion(edit.range),
                insertedContent: { text: edit.newText },
              })),
            },
          ],
        },
      ],
    }),
  }));
}

/** A relative path stays relative, so that a log can be read on another machine. */
function toUri(file: string): string {
  if (path.isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(path.sep).map(encodeURIComponent).join('/');
}
