import type * as vscode from 'vscode';

/** The four things that decide whom requests reach. A change of any of them asks anew. */
export interface Reach {
  readonly bucket: string;
  /** Null: the caller itself, no role is assumed. */
  readonly roleArn: string | null;
  /** Null: AWS's own endpoints. */
  readonly endpoint: string | null;
  /** Null: AWS's own chain of credentials. */
  readonly profile: string | null;
}

const KEY = 'confirmedTargets';

/** What a person has confirmed in this workspace, as it was shown to them. */
export class ConfirmedTargets {
  constructor(private readonly state: vscode.Memento) {}

  has(reach: Reach): boolean {
    return this.state.get<string[]>(KEY, []).includes(print(reach));
  }

  async add(reach: Reach): Promise<void> {
    const known = this.state.get<string[]>(KEY, []);
    if (!known.includes(print(reach))) await this.state.update(KEY, [...known, print(reach)]);
  }
}

function print({ bucket, roleArn, endpoint, profile }: Reach): string {
  return JSON.stringify([bucket, roleArn, endpoint, profile]);
}
