import * as vscode from 'vscode';
import type { BucketSettings } from '../../core/iam/render-stack';

/** What was answered for one export beyond its files; remembered, so that running it again compares the same. */
export interface ProvisionAnswers {
  readonly bucket?: BucketSettings;
  readonly boundaryArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** In workload identity: the Deployment's own role. */
  readonly roleArn?: string;
}

/** The answers of each export, in the workspace's state. */
export class ProvisionMemory {
  private readonly key: string;

  constructor(
    private readonly state: vscode.Memento,
    exportId: string,
  ) {
    this.key = `provisionAnswers:${exportId}`;
  }

  recall(): ProvisionAnswers {
    return this.state.get<ProvisionAnswers>(this.key, {});
  }

  keep(answers: ProvisionAnswers | undefined): Thenable<void> {
    return this.state.update(this.key, answers);
  }
}

/** `team=data, cost center=42` → tags; a text where that isn't one. */
export function parseTags(text: string): Record<string, string> | string {
  const tags: Record<string, string> = {};
  for (const pair of text.split(',').map(one => one.trim())) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (equals < 1) return vscode.l10n.t('A tag reads like team=data; several are separated by commas.');
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) {
      return vscode.l10n.t('A tag has letters, digits, blanks and _ . : / = + - @ only: {0}', pair);
    }
    if (/^aws:/i.test(key)) return vscode.l10n.t('Tags that begin with aws: are AWS’s own: {0}', pair);
    tags[key] = value;
  }
  return tags;
}
