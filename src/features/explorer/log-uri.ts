import * as vscode from 'vscode';
import type { Export } from '../exports/export';
import { exportIdOf, LOG_SCHEME, logQuery } from '../exports/exports';

/**
 * The address of a log document: the bucket, the key as the path, and the export whose session reads it.
 * All of it is in the address, so that the document opens again after the window was reloaded.
 */
export function logUri(item: Export, key: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: LOG_SCHEME,
    authority: item.target?.bucket,
    path: `/${key}`,
    query: logQuery(item.id),
  });
}

/** What {@link logUri} put into an address. */
export function parseLogUri(uri: vscode.Uri): {
  readonly bucket: string;
  readonly key: string;
  readonly exportId: string | undefined;
} {
  return { bucket: uri.authority, key: uri.path.slice(1), exportId: exportIdOf(uri) };
}
