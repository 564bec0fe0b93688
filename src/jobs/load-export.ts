import { t } from '@vscode/l10n';
import { parseEnvDocument } from '../core/env/env-document';
import { readSettings, resolveTarget } from '../core/env/settings';
import { ExportError, isExportError } from '../core/export-error';
import type { ExportSettings, ExportTarget } from '../core/export-settings';
import { readTextFile } from './read-text-file';

export interface LoadedExport {
  readonly settings: ExportSettings;
  readonly target: ExportTarget;
  /** The whole file, which may hold secrets of others: not for messages. */
  readonly text: string;
}

/**
 * Reads the export that an env file holds. Throws an {@link ExportError}: `unreadable` for a file that can't be read
 * as text, `bad-settings` where its variables name no bucket; both name the file and what to do.
 */
export async function loadExport(envFile: string): Promise<LoadedExport> {
  const text = await readTextFile(envFile);
  const settings = readSettings(parseEnvDocument(text));
  try {
    return { settings, target: resolveTarget(settings), text };
  } catch (error) {
    if (!isExportError(error)) throw error;
    throw new ExportError(error.code, t('{0}: {1}', envFile, error.message), error.nextStep, { cause: error });
  }
}
