import { t } from '@vscode/l10n';
import type { Finding } from '../core/finding';
import { LineIndex } from '../core/text/line-index';
import { type LintedFile, type LintResult, lint } from '../jobs/lint';
import type { Command } from './command';
import { toSarif } from './sarif';

/** `lint`: exit 1 when there is an error; warnings alone exit 0; 2 when a file could not be read. */
export const lintCommand: Command = {
  name: 'lint',
  summary: 'Finds what is wrong in env files, and fixes what can be fixed safely.',
  usage: '[PATH…] [--fix] [--format text|json|sarif]',
  options: { fix: { type: 'boolean' } },
  formats: ['sarif'],
  async run({ values, positionals }, io) {
    const named = positionals.length > 0 ? positionals : [typeof values.env === 'string' ? values.env : '.'];
    const result = await lint({ paths: named, cwd: io.cwd, fix: values.fix === true }, { signal: io.signal });
    await io.stdout(print(result, values.format));
    io.stderr(summary(result));
    for (const error of result.errors) io.stderr(`${error.message}\n${error.nextStep}\n`);
    if (result.errors.length > 0) return 2;
    return count(result, 'error') > 0 ? 1 : 0;
  },
};

function print(result: LintResult, format: unknown): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({ findings: result.files.flatMap(toJson), files: result.files.length })}\n`;
    case 'sarif':
      return `${JSON.stringify(toSarif(result.files), null, 2)}\n`;
    default:
      return result.files.map(toText).join('');
  }
}

function toJson({ file, text, findings }: LintedFile) {
  const index = new LineIndex(text);
  return findings.map(({ code, severity, message, range, fix }) => ({
    file,
    code,
    severity,
    message,
    range: index.rangeAt(range),
    fixable: fix !== undefined,
  }));
}

/** As compilers do, with lines and columns from 1, so that editors and terminals find the place. */
function toText({ file, text, findings }: LintedFile): string {
  const index = new LineIndex(text);
  const lines = findings.map(({ code, severity, message, range }) => {
    const { line, character } = index.positionAt(range.start);
    return `${file}:${line + 1}:${character + 1} ${severity} ${code} ${message}\n`;
  });
  return lines.join('');
}

function summary(result: LintResult): string {
  const { files, skipped } = result;
  const fixed = files.reduce((sum, file) => sum + file.fixed, 0);
  const notes = skipped.map(file => t('Not linted, because it is of no kind that is known: {0}', file));
  if (files.length === 0 && skipped.length === 0) notes.push(t('No file that can be linted was found.'));
  if (fixed > 0) notes.push(t('{0} fixed', fixed));
  const [errors, warnings, infos] = [count(result, 'error'), count(result, 'warning'), count(result, 'info')];
  notes.push(t('errors: {0}, warnings: {1}, notes: {2}, files: {3}', errors, warnings, infos, files.length));
  return `${notes.join('\n')}\n`;
}

function count(result: LintResult, severity: Finding['severity']): number {
  return result.files.reduce((sum, file) => sum + file.findings.filter(each => each.severity === severity).length, 0);
}
