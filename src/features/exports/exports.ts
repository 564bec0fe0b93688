import * as vscode from 'vscode';
import type { AwsCredentials, AwsSession, SessionOptions } from '../../aws/session';
import { ExportError, isExportError } from '../../core/export-error';
import type { ExportTarget } from '../../core/export-settings';
import { config, onDidChangeConfig } from '../config';
import { DisposableStore } from '../ui/disposable-store';
import { requireTrust } from '../ui/trust';
import { isInForeignFolder } from '../workspace/excluded';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { ConfirmedTargets, type Reach } from './confirmed-targets';
import { type Export, readExports } from './export';
import { nearest } from './nearest-export';

/** Where requests go, and with which keys, while the sandbox runs. */
export interface SandboxTarget {
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
  /** Variables in place of the person's own, so that nothing of theirs reaches it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Whether an export may be asked, and if not, why. */
export type Readiness = 'untrusted' | 'badSettings' | 'unconfirmed' | 'ready';

const LAST_PICKED = 'lastPickedExport';
const PROFILES = 'profiles';

/** Failures after which the next request looks for credentials anew. */
const STALE_CREDENTIALS = new Set(['no-credentials', 'expired-credentials', 'unknown-access-key', 'bad-signature']);

/**
 * The one shared object of all features: which exports the workspace holds, which is active, and each one's session.
 * No session is given out for a target that the person hasn't confirmed.
 */
export class Exports implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly sessions = new Map<string, { readonly key: string; readonly session: Promise<AwsSession> }>();
  /** Endpoints that a profile of the AWS files names, known once a session was opened. By export. */
  private readonly profileEndpoints = new Map<string, { readonly profile: string; readonly endpoint: string }>();
  /** Exports whose last answer came from a sandbox. */
  private readonly sandboxesSeen = new Set<string>();
  private readonly confirmed: ConfirmedTargets;
  /** The export of the document that was looked at last, which stays active in editors that belong to none. */
  private lastPath: string | undefined;
  private sandboxTarget: SandboxTarget | undefined;

  /** The list, an export's settings, the active one, a confirmation, or the sandbox changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly state: vscode.Memento,
  ) {
    this.confirmed = new ConfirmedTargets(state);
    const fire = (): void => this.changed.fire();
    this.store.add(this.changed);
    this.store.add(files.onDidChange(fire));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(fire));
    this.store.add(vscode.window.onDidChangeActiveTextEditor(fire));
    this.store.add(
      onDidChangeConfig(['aws.profile', 'aws.endpoint'], () => {
        this.profileEndpoints.clear();
        fire();
      }),
    );
  }

  dispose(): void {
    this.closeSessions();
    this.store.dispose();
  }

  async all(): Promise<readonly Export[]> {
    const { files, tools } = await this.files.snapshot();
    const own = files.filter(({ uri }) => vscode.workspace.getWorkspaceFolder(uri) && !isInForeignFolder(uri));
    return own.flatMap(file => readExports(file, tools.exportsIn(file.source)));
  }

  async find(id: string): Promise<Export | undefined> {
    return (await this.all()).find(item => item.id === id);
  }

  /** The export nearest to the active editor, else the one picked last, else the first. */
  async active(): Promise<Export | undefined> {
    const all = await this.all();
    const picked = this.state.get<string>(LAST_PICKED);
    const document = vscode.window.activeTextEditor?.document;
    if (document && vscode.workspace.getWorkspaceFolder(document.uri)) this.lastPath = document.uri.path;
    if (document?.uri.scheme === LOG_SCHEME) {
      const owner = all.find(item => item.id === exportIdOf(document.uri));
      if (owner) return owner;
    }
    if (this.lastPath === undefined) return all.find(item => item.id === picked) ?? all[0];
    return nearest(
      all.map(item => ({ id: item.id, path: item.uri.path, item })),
      this.lastPath,
      picked,
    )?.item;
  }

  /** Makes an export the active one until an editor nearer to another is opened. */
  async pick(item: Export): Promise<void> {
    this.lastPath = item.uri.path;
    await this.state.update(LAST_PICKED, item.id);
    this.changed.fire();
  }

  readiness(item: Export): Readiness {
    if (!vscode.workspace.isTrusted) return 'untrusted';
    if (!item.target) return 'badSettings';
    if (this.sandboxTarget) return 'ready';
    return this.confirmed.has(this.reach(item, item.target)) ? 'ready' : 'unconfirmed';
  }

  /** Whom requests of this export reach. */
  reach(item: Export, target: ExportTarget): Reach {
    const profile = this.profile(item) ?? process.env.AWS_PROFILE ?? null;
    const known = this.profileEndpoints.get(item.id);
    const ofProfile = known?.profile === (profile ?? '') ? known.endpoint : null;
    return {
      bucket: target.bucket,
      roleArn: target.roleArn ?? null,
      endpoint: config.awsEndpoint() ?? environmentEndpoint() ?? ofProfile,
      profile,
    };
  }

  /** Remembers that the person agreed to reach exactly this. */
  async confirm(reach: Reach): Promise<void> {
    await this.confirmed.add(reach);
    this.changed.fire();
  }

  /** The AWS profile of one export; undefined: AWS's own chain. */
  profile(item: Export): string | undefined {
    return this.state.get<Record<string, string>>(PROFILES, {})[item.id] ?? config.awsProfile();
  }

  /** Gives an export a profile of its own, or (undefined) the default one again. */
  async setProfile(item: Export, profile: string | undefined): Promise<void> {
    const { [item.id]: _, ...others } = this.state.get<Record<string, string>>(PROFILES, {});
    await this.state.update(PROFILES, profile === undefined ? others : { ...others, [item.id]: profile });
    this.changed.fire();
  }

  get sandbox(): SandboxTarget | undefined {
    return this.sandboxTarget;
  }

  /** Sends all requests to the sandbox, or (undefined) to AWS again. Held in memory only. */
  setSandbox(target: SandboxTarget | undefined): void {
    this.sandboxTarget = target;
    this.closeSessions();
    this.changed.fire();
  }

  /**
   * Runs work with an export's session.
   * Throws an ExportError where the workspace isn't trusted, the settings name no bucket, or the target isn't confirmed.
   */
  async use<T>(item: Export, work: (session: AwsSession) => Promise<T>): Promise<T> {
    const session = await this.session(item);
    try {
      return await work(session);
    } catch (error) {
      if (isExportError(error) && STALE_CREDENTIALS.has(error.code)) this.close(item.id);
      throw error;
    } finally {
      this.noteSandbox(item, session.isSandbox);
    }
  }

  /** Whether the sandbox is the target: the one started here, or one that answered as such. */
  isSandbox(item: Export): boolean {
    return this.sandboxTarget !== undefined || this.sandboxesSeen.has(item.id);
  }

  private noteSandbox(item: Export, isSandbox: boolean): void {
    if (isSandbox === this.sandboxesSeen.has(item.id)) return;
    if (isSandbox) this.sandboxesSeen.add(item.id);
    else this.sandboxesSeen.delete(item.id);
    this.changed.fire();
  }

  /** The session of an export, opened at the first call. See {@link use} for what it throws. */
  async session(item: Export): Promise<AwsSession> {
    this.assertReady(item);
    const options = { target: item.target as ExportTarget, ...this.connection(item) };
    const key = JSON.stringify(options);
    const known = this.sessions.get(item.id);
    if (known?.key === key) return known.session;
    this.close(item.id);
    const opening = this.open(item, options);
    this.sessions.set(item.id, { key, session: opening });
    opening.catch(() => {
      if (this.sessions.get(item.id)?.session === opening) this.sessions.delete(item.id);
    });
    return opening;
  }

  private async open(item: Export, options: SessionOptions): Promise<AwsSession> {
    const { openSession } = await import('../../aws/open-session');
    const session = await openSession(options);
    if (!this.sandboxTarget && session.endpoint !== undefined) {
      // A profile may name an endpoint of its own: the person has to have seen that one too.
      const profile = this.profile(item) ?? process.env.AWS_PROFILE ?? '';
      this.profileEndpoints.set(item.id, { profile, endpoint: session.endpoint });
      if (this.readiness(item) !== 'ready') {
        session.close();
        this.changed.fire();
        throw unconfirmed(item);
      }
    }
    return session;
  }

  private assertReady(item: Export): void {
    requireTrust();
    const readiness = this.readiness(item);
    if (readiness === 'badSettings') throw item.problem ?? new Error(`no target for ${item.id}`);
    if (readiness === 'unconfirmed') throw unconfirmed(item);
  }

  /** Where requests of an export go and whose keys they carry, for jobs that open a session of their own. */
  connection(item: Export): Omit<SessionOptions, 'target'> {
    if (this.sandboxTarget) return this.sandboxTarget;
    // The editor applies its proxies to Node's http.
    return { profile: this.profile(item), endpoint: config.awsEndpoint(), usesProxies: true };
  }

  private close(id: string): void {
    const known = this.sessions.get(id);
    this.sessions.delete(id);
    this.sandboxesSeen.delete(id);
    known?.session.then(
      session => session.close(),
      () => undefined,
    );
  }

  private closeSessions(): void {
    for (const id of [...this.sessions.keys()]) this.close(id);
  }
}

/** The scheme of log documents. */
export const LOG_SCHEME = 'astro-log';

const QUERY = 'export=';

/** What a log document's address says of the export that it belongs to. */
export function logQuery(exportId: string): string {
  return QUERY + exportId;
}

/** The id of the export that a log document belongs to; undefined where its address names none. */
export function exportIdOf(uri: vscode.Uri): string | undefined {
  return uri.query.startsWith(QUERY) ? uri.query.slice(QUERY.length) : undefined;
}

/** The endpoints that AWS's own variables name, which every AWS client follows. */
function environmentEndpoint(): string | null {
  const names = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL_IAM'];
  const values = names.flatMap(name => process.env[name] || []).map(withoutUser);
  return values.length === 0 ? null : [...new Set(values)].join(', ');
}

/** A user name and password in an address are nobody's business who looks over a shoulder. */
function withoutUser(address: string): string {
  return address.replace(/^(https?:\/\/)[^/@]*@/i, '$1');
}

function unconfirmed(item: Export): ExportError {
  return new ExportError(
    'usage',
    vscode.l10n.t('The target of this export has not been confirmed, and nothing was sent: {0}', item.id),
    vscode.l10n.t('Run "Astro Log Export: Confirm Target…" first.'),
  );
}
