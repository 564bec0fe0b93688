import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import type { AwsFailure, AwsSession } from '../aws/session';
import type { Check, CheckId, Proof } from '../core/check';
import { CAUSES, type Cause } from '../core/diagnosis/cause';
import { parseDenial } from '../core/diagnosis/denial';
import { diagnose } from '../core/diagnosis/diagnose';
import { type ExportError, isExportError } from '../core/export-error';
import { EXPORT_KEYS } from '../core/export-settings';
import { isProbeKey, PROBE_FOLDER } from '../core/logs/log-key';

/** Milliseconds that one check may take, retries included. */
const CHECK_TIMEOUT = 60_000;

/** A check that could not be made, and why. */
export function skip(id: CheckId, message: string): Check {
  return { id, status: 'skip', proof: null, as: null, message, causes: [], nextStep: null };
}

/** What a step found: the rest of its row. */
interface Found {
  readonly status?: Check['status'];
  readonly message: string;
  readonly causes?: readonly Cause[];
  readonly nextStep?: string;
}

/** One run of the replay. Steps that don't need each other run side by side. */
export class Replay {
  private readonly id = randomUUID();
  private as: Promise<string | null> = Promise.resolve(null);
  private isProbeThere = false;

  constructor(
    private readonly session: AwsSession,
    private readonly write: boolean,
    private readonly report: (check: Check) => Check,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Returns the caller's ARN; null where it isn't known. */
  async run(): Promise<string | null> {
    const credentials = await this.step('credentials', null, async () => {
      await this.session.checkCredentials();
      return { message: t('credentials were found') };
    });
    if (credentials.status !== 'pass') {
      this.skipAll(
        ['identity', 'assume-role', 'bucket-region', 'head', 'put', 'get', 'append', 'list', 'delete'],
        t('there are no credentials'),
      );
      return null;
    }
    const identity = this.identity();
    identity.catch(() => {});
    const isAllowed = await this.assumeRole(identity);
    if (isAllowed) await this.replayBucket();
    return identity;
  }

  private async identity(): Promise<string | null> {
    let arn: string | null = null;
    await this.step(
      'identity',
      null,
      async signal => {
        try {
          ({ arn } = await this.session.callerIdentity({ signal }));
        } catch (error) {
          const failure = failureOf(error);
          const hasNoSts =
            this.session.endpoint !== undefined &&
            (failure?.status === 404 || failure?.status === 405 || failure?.status === 501);
          if (!hasNoSts) throw error;
          return {
            status: 'warn',
            message: t('{0} has no GetCallerIdentity, so the identity is not known', this.session.endpoint ?? ''),
          };
        }
        return { message: t('the caller is {0}', arn) };
      },
      () => Promise.resolve(arn),
    );
    return arn;
  }

  /** False where the bucket can't be asked as the export's role. */
  private async assumeRole(caller: Promise<string | null>): Promise<boolean> {
    const { target } = this.session;
    if (target.accessMode === 'workload-identity') {
      this.as = caller;
      this.report(skip('assume-role', t('the export uses the workload identity itself and assumes no role')));
      await caller;
      return true;
    }
    let role: string | null = null;
    const check = await this.step(
      'assume-role',
      null,
      async signal => {
        role = (await this.session.assumeRole({ signal })).arn;
        return { message: t('assumed {0}', target.roleArn ?? '') };
      },
      () => caller,
    );
    await caller;
    if (check.status === 'pass') {
      this.as = Promise.resolve(role);
      return true;
    }
    this.skipAll(
      ['bucket-region', 'head', 'put', 'get', 'append', 'list', 'delete'],
      t("the export's role could not be assumed"),
    );
    return false;
  }

  private async replayBucket(): Promise<void> {
    try {
      const region = this.bucketRegion();
      const list = this.list();
      const put = this.put();
      const get = this.get(put, list);
      const append = this.append(put, get);
      const steps = await Promise.allSettled([region, put, get, append, list, this.head(region, list, get)]);
      for (const step of steps) if (step.status === 'rejected') throw step.reason;
      await this.delete();
    } catch (error) {
      if (this.isProbeThere) await this.removeProbeQuietly();
      throw error;
    }
  }

  private async bucketRegion(): Promise<Check> {
    return this.step('bucket-region', 'replayed', async signal => {
      const { target, ambientRegion, bucket } = this.session;
      const actual = await bucket.bucketRegion({ signal });
      if (target.region === actual)
        return { message: t('the bucket {0} lies in {1}, as {2} says', target.bucket, actual, EXPORT_KEYS.region) };
      const setting = `${EXPORT_KEYS.region}=${actual}`;
      if (target.region !== undefined) {
        return {
          status: 'fail',
          causes: ['wrong-region'],
          message: t(
            'the bucket {0} lies in {1}, but {2}',
            target.bucket,
            actual,
            `${EXPORT_KEYS.region}=${target.region}`,
          ),
          nextStep: t('Set {0}', setting),
        };
      }
      if (ambientRegion === undefined || ambientRegion === actual) {
        return {
          message: t(
            'the bucket {0} lies in {1}; without {2} the Deployment has to run there too',
            target.bucket,
            actual,
            EXPORT_KEYS.region,
          ),
        };
      }
      return {
        status: 'warn',
        causes: ['wrong-region'],
        message: t(
          'the bucket {0} lies in {1}; {2} is not set, and your own region is {3}',
          target.bucket,
          actual,
          EXPORT_KEYS.region,
          ambientRegion,
        ),
        nextStep: t('Set {0} unless the Deployment runs in {1}.', setting, actual),
      };
    });
  }

  private head(region: Promise<Check>, list: Promise<Check>, get: Promise<Check>): Promise<Check> {
    return this.step('head', 'replayed', async signal => {
      const { bucket, target } = this.session;
      const key = `${this.probeKey}.absent`;
      try {
        await bucket.head(key, { signal });
      } catch (error) {
        if (failureOf(error)?.status !== 403) throw error;
        throw await this.headInWords(key, error as ExportError, list, get, signal);
      }
      // HEAD answers 404 for a missing bucket too.
      const place = await region;
      if (place.causes.includes('no-such-bucket')) {
        return {
          status: 'fail',
          causes: ['no-such-bucket'],
          message: place.message,
          nextStep: place.nextStep ?? undefined,
        };
      }
      return {
        message: t(
          'HEAD of an object that is not there answers 404, as Airflow needs it, below {0}',
          target.prefix || '/',
        ),
      };
    });
  }

  /** A HEAD's 403 has no words; a GET of the same key has them, and where they are few, the other checks decide. */
  private async headInWords(
    key: string,
    bare: ExportError,
    list: Promise<Check>,
    get: Promise<Check>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const inWords = await this.session.bucket.get(key, { range: { start: 0, end: 0 }, signal }).then(
      () => bare,
      error => (isExportError(error) && error.code !== 'not-found' ? error : bare),
    );
    const failure = failureOf(inWords);
    const listed = await list;
    const isListAllowed = listed.status === 'pass';
    if (inWords.code === 'missing-list-bucket' && isListAllowed) {
      return new Conclusion({
        causes: ['missing-list-bucket'],
        message: t('s3:ListBucket is allowed for the folder itself, but not for the keys below it'),
        nextStep: t(
          'Let the s3:prefix condition of the s3:ListBucket statement match {0} too.',
          `${this.session.target.prefix}*`,
        ),
      });
    }
    if (
      failure === undefined ||
      parseDenial(failure.message).effect !== undefined ||
      failure.awsCode !== 'AccessDenied'
    )
      return inWords;
    const isReadAllowed = (await get).status === 'pass';
    if (!isListAllowed && listed.causes.includes('missing-list-bucket')) {
      return new Conclusion({
        causes: unique(['missing-list-bucket', ...listed.causes]),
        message: bare.message,
        nextStep: listed.nextStep ?? bare.nextStep,
      });
    }
    return isReadAllowed
      ? new Conclusion({
          causes: unique(['missing-list-bucket', 'explicit-deny']),
          message: bare.message,
          nextStep: bare.nextStep,
        })
      : inWords;
  }

  private put(): Promise<Check> {
    if (!this.write) return Promise.resolve(this.report(skip('put', t('nothing is written with --no-write'))));
    return this.step('put', 'replayed', async signal => {
      // Set before the answer: a request that was cut off may have been carried out.
      this.isProbeThere = true;
      try {
        await this.session.bucket.put(this.probeKey, this.probeText, { signal });
      } catch (error) {
        this.isProbeThere = mayBeCarriedOut(error);
        throw error;
      }
      return { message: t('wrote {0}', this.probeKey) };
    });
  }

  private get(put: Promise<Check>, list: Promise<Check>): Promise<Check> {
    return this.step('get', 'replayed', async signal => {
      const { bucket } = this.session;
      if ((await put).status === 'pass') {
        const { body } = await bucket.get(this.probeKey, { signal });
        if (!body.equals(this.probeText)) {
          return {
            status: 'fail',
            causes: ['unknown'],
            message: t('{0} came back changed', this.probeKey),
            nextStep: t('Look for a proxy that changes bodies.'),
          };
        }
        return { message: t('{0} came back as it was written', this.probeKey) };
      }
      // Without a probe, an object that lies there already, or else one that doesn't: 404 means that reading is allowed.
      await list;
      const key = this.listedKey ?? `${this.probeKey}.absent`;
      try {
        await bucket.get(key, { range: { start: 0, end: 0 }, signal });
      } catch (error) {
        if (!isExportError(error)) throw error;
        if (error.code === 'missing-list-bucket') {
          return {
            status: 'skip',
            message: t('without s3:ListBucket, reading cannot be judged by an object that is not there'),
          };
        }
        if (error.code !== 'not-found') throw error;
      }
      return { message: t('reading is allowed; there was no probe to compare') };
    });
  }

  private async append(put: Promise<Check>, get: Promise<Check>): Promise<Check> {
    if (!this.write) return this.report(skip('append', t('nothing is written with --no-write')));
    if ((await put).status !== 'pass') return this.report(skip('append', t('there is no probe to append to')));
    await get;
    return this.step('append', 'replayed', async signal => {
      const { bucket, target } = this.session;
      const head = await bucket.head(this.probeKey, { signal }).then(
        found => found !== undefined,
        () => false,
      );
      let old: Buffer;
      try {
        old = (await bucket.get(this.probeKey, { signal })).body;
      } catch (error) {
        if (!isExportError(error) || failureOf(error)?.status !== 403) throw error;
        return {
          ...(await this.explain(error, await this.as)),
          status: 'fail',
          message: head
            ? t(
                'HEAD works but GET is denied: Airflow then overwrites a log with its newest part, and the rest is lost',
              )
            : t('the old part of a log cannot be read, so Airflow appends nothing to it'),
        };
      }
      const whole = Buffer.concat([old, Buffer.from('\n'), this.probeText]);
      await bucket.put(this.probeKey, whole, { signal });
      const size = (await bucket.head(this.probeKey, { signal }))?.size;
      if (size !== whole.length) {
        return {
          status: 'fail',
          causes: ['unknown'],
          message: t('{0} does not hold what was appended', this.probeKey),
          nextStep: t('Check what else writes to {0}.', target.bucket),
        };
      }
      return { message: t('read {0} and wrote it whole with a line more', this.probeKey) };
    });
  }

  private listedKey: string | undefined;

  private list(): Promise<Check> {
    return this.step('list', 'replayed', async signal => {
      const { bucket, target } = this.session;
      const where = `s3://${target.bucket}/${target.prefix}`;
      for await (const page of bucket.list({ prefix: target.prefix, pageSize: 10, signal })) {
        this.listedKey = page.objects.find(
          object => !isProbeKey(object.key, target.prefix) && !object.key.endsWith('/'),
        )?.key;
        break;
      }
      return {
        message: this.listedKey === undefined ? t('nothing lies under {0} yet', where) : t('listed {0}', where),
      };
    });
  }

  private async delete(): Promise<void> {
    if (!this.write) {
      this.report(skip('delete', t('nothing is written with --no-write')));
      return;
    }
    if (!this.isProbeThere) {
      this.report(skip('delete', t('there is no probe to delete')));
      return;
    }
    await this.step('delete', 'replayed', async signal => {
      const { bucket, target } = this.session;
      try {
        const { deleteMarker } = await bucket.delete(this.probeKey, { signal });
        this.isProbeThere = false;
        return {
          message: deleteMarker
            ? t(
                'deleted the probe; the bucket keeps versions, so its content stays as noncurrent versions of {0}',
                this.probeKey,
              )
            : t('deleted the probe'),
        };
      } catch (error) {
        if (!isExportError(error) || this.signal?.aborted) throw error;
        // Airflow's writer deletes nothing: the export works without it.
        const found = await this.explain(error, await this.as);
        const left = `s3://${target.bucket}/${this.probeKey}`;
        return { ...found, status: 'warn', message: t('{0}; the probe is left behind: {1}', found.message, left) };
      }
    });
  }

  private async removeProbeQuietly(): Promise<void> {
    await this.session.bucket.delete(this.probeKey, { signal: AbortSignal.timeout(5_000) }).catch(() => {});
  }

  private get probeKey(): string {
    return `${this.session.target.prefix}${PROBE_FOLDER}${this.id}`;
  }

  private get probeText(): Buffer {
    return Buffer.from(`Written by astro-log-export verify to prove the export; safe to delete. ${this.id}\n`);
  }

  private skipAll(ids: readonly CheckId[], why: string): void {
    for (const id of ids) this.report(skip(id, why));
  }

  /** The failure's whole diagnosis, with the identity that this run knows and the client doesn't. */
  private async explain(error: ExportError, as: string | null): Promise<Found> {
    const { target, endpoint } = this.session;
    const failure = failureOf(error);
    const own: Found = {
      message: error.message,
      causes: [isCause(error.code) ? error.code : 'unknown'],
      nextStep: error.nextStep,
    };
    if (failure === undefined || failure.awsCode === 'CredentialsProviderError') return own;
    const diagnosis = diagnose(failure, { target, endpoint, as: as ?? undefined });
    return diagnosis.causes[0] === error.code ? diagnosis : own;
  }

  /** Runs one step and reports it. An ExportError becomes a failed check; a stop by the person goes on upwards. */
  private async step(
    id: CheckId,
    proof: Proof | null,
    run: (signal: AbortSignal) => Promise<Found>,
    as: () => Promise<string | null> = () => this.as,
  ): Promise<Check> {
    const timeout = AbortSignal.timeout(CHECK_TIMEOUT);
    let found: Found;
    try {
      found = await run(this.signal ? AbortSignal.any([this.signal, timeout]) : timeout);
    } catch (error) {
      if (this.signal?.aborted || !(isExportError(error) || error instanceof Conclusion)) throw error;
      found = {
        status: 'fail',
        ...(error instanceof Conclusion ? error.found : await this.explain(error, await as())),
      };
    }
    const status = found.status ?? 'pass';
    return this.report({
      id,
      status,
      proof: status === 'skip' ? null : (proof ?? 'replayed'),
      as: status === 'skip' ? null : await as(),
      message: found.message,
      causes: found.causes ?? [],
      nextStep: found.nextStep ?? null,
    });
  }
}

/** A failure whose causes several answers together decide. */
class Conclusion {
  constructor(readonly found: Found) {}
}

function failureOf(error: unknown): AwsFailure | undefined {
  return isExportError(error) ? (error.cause as AwsFailure | undefined) : undefined;
}

/** Whether a write that failed may have reached the bucket all the same. */
function mayBeCarriedOut(error: unknown): boolean {
  if (!isExportError(error)) return true;
  const failure = failureOf(error);
  if (failure === undefined) return error.code === 'timeout' || error.code === 'cancelled';
  return failure.status >= 500 || /^(ETIMEDOUT|ECONNRESET|ECONNABORTED|EPIPE)$/.test(failure.awsCode);
}

function isCause(code: string): code is Cause {
  return (CAUSES as readonly string[]).includes(code);
}

function unique(causes: readonly Cause[]): Cause[] {
  return [...new Set(causes)];
}
