import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import type { AwsSession } from '../aws/session';
import type { Check, CheckId } from '../core/check';
import type { Cause } from '../core/diagnosis/cause';
import { parseDenial } from '../core/diagnosis/denial';
import { type ExportError, isExportError } from '../core/export-error';
import { isProbeKey, PROBE_FOLDER } from '../core/logs/log-key';
import { checkRegion, checkSettings } from './check-bucket';
import { probeText, removeLeftovers } from './probe-leftovers';
import { type CheckRunner, type Found, failureOf, mayBeCarriedOut, skip } from './check-step';

/** The steps that the bucket answers. */
export const BUCKET_CHECKS = [
  'bucket-region',
  'bucket-settings',
  'head',
  'put',
  'get',
  'append',
  'list',
  'delete',
] as const satisfies CheckId[];

export interface ReplayOptions {
  readonly session: AwsSession;
  readonly runner: CheckRunner;
  /** The ARN that the bucket is asked as; null where it isn't known. */
  readonly as: string | null;
  /** The caller's own ARN. */
  readonly identity: string | null;
  /** The role that writes, where it is known. */
  readonly exportRole: string | undefined;
  readonly write: boolean;
  /** Milliseconds since the epoch; default the machine's clock. */
  readonly now?: () => number;
}

/** One replay of what Airflow's writer asks of the bucket. Steps that don't need each other run side by side. */
export class BucketReplay {
  private readonly id = randomUUID();
  private isProbeThere = false;
  /** A log that lay there already. */
  private listedKey: string | undefined;

  constructor(private readonly options: ReplayOptions) {}

  /** Reports {@link BUCKET_CHECKS}. Throws only when stopped, and then takes the probe away first. */
  async run(): Promise<void> {
    try {
      const region = checkRegion(this.options);
      const settings = checkSettings(this.options);
      const list = this.list();
      const put = this.put(settings);
      const get = this.get(put, list);
      const append = this.append(put, get);
      const steps = await Promise.allSettled([region, settings, list, put, get, append, this.head(region, list, get)]);
      for (const step of steps) if (step.status === 'rejected') throw step.reason;
      await this.delete();
    } catch (error) {
      if (this.isProbeThere) await this.removeProbeQuietly();
      throw error;
    }
  }

  private head(region: Promise<Check>, list: Promise<Check>, get: Promise<Check>): Promise<Check> {
    return this.step('head', async signal => {
      const key = `${this.probeKey}.absent`;
      try {
        await this.bucket.head(key, { signal });
      } catch (error) {
        if (!isExportError(error) || failureOf(error)?.status !== 403) throw error;
        return this.headInWords(key, error, list, get, signal);
      }
      const { causes, message, nextStep } = await region;
      // HEAD answers 404 for a missing bucket too.
      if (causes.includes('no-such-bucket'))
        return { status: 'fail', causes, message, nextStep: nextStep ?? undefined };
      return { message: t('HEAD of an object that is not there answers 404, as Airflow needs it') };
    });
  }

  /** A HEAD's 403 has no words; a GET of the same key has them, and where they are few, the other checks decide. */
  private async headInWords(
    key: string,
    bare: ExportError,
    list: Promise<Check>,
    get: Promise<Check>,
    signal: AbortSignal,
  ): Promise<Found> {
    const error = await this.bucket.get(key, { range: { start: 0, end: 0 }, signal }).then(
      () => bare,
      inWords => (isExportError(inWords) && inWords.code !== 'not-found' ? inWords : bare),
    );
    const found = await this.failed(error);
    const listed = await list;
    const isListAllowed = listed.status === 'pass';
    if (error.code === 'missing-list-bucket' && isListAllowed) {
      const pattern = `${this.options.session.target.prefix}*`;
      return {
        ...found,
        message: t('s3:ListBucket is allowed for the folder itself, but not for the keys in it'),
        nextStep: t('Let the s3:prefix condition of the s3:ListBucket statement match {0}', pattern),
        ...(found.change?.document === 'permission' && { change: { ...found.change, listedPrefix: pattern } }),
      };
    }
    const failure = failureOf(error);
    const isBare = failure?.awsCode === '' || failure?.awsCode === 'AccessDenied';
    if (!isBare || parseDenial(failure.message).effect !== undefined) return found;
    const bareFound = await this.failed(bare);
    if (listed.causes.includes('missing-list-bucket')) return first('missing-list-bucket', bareFound);
    const read = await get;
    if (read.status === 'pass') return first('missing-list-bucket', bareFound);
    return { ...first('missing-get-object', bareFound), ...(read.change && { change: read.change }) };
  }

  private async put(settings: Promise<Check>): Promise<Check> {
    if (!this.options.write) return this.skip('put', t('nothing is written with --no-write'));
    // Said before anything is written, since it could not be taken back.
    const lock = await settings;
    return this.step('put', async signal => {
      if (lock.causes[0] === 'object-lock') {
        const { causes, message, nextStep } = lock;
        return {
          status: 'warn',
          causes,
          message: t('nothing was written: {0}', message),
          ...(nextStep !== null && { nextStep }),
        };
      }
      // Set before the answer: a request that was cut off may have been carried out.
      this.isProbeThere = true;
      try {
        await this.bucket.put(this.probeKey, this.probeText, { signal });
      } catch (error) {
        this.isProbeThere = mayBeCarriedOut(error);
        throw error;
      }
      return { message: t('wrote {0}', this.probeKey) };
    });
  }

  private get(put: Promise<Check>, list: Promise<Check>): Promise<Check> {
    return this.step('get', async signal => {
      if ((await put).status !== 'pass') return this.getWithoutProbe(list, signal);
      const { body } = await this.bucket.get(this.probeKey, { signal });
      if (body.equals(this.probeText)) return { message: t('it came back as it was written: {0}', this.probeKey) };
      return {
        status: 'fail',
        causes: ['unknown'],
        message: t('it came back changed: {0}', this.probeKey),
        nextStep: t('Look for a proxy, or a function on the bucket, that changes bodies.'),
      };
    });
  }

  /** Reads a log that lies there already, or else one that doesn't: 404 means that reading is allowed. */
  private async getWithoutProbe(list: Promise<Check>, signal: AbortSignal): Promise<Found> {
    await list;
    const key = this.listedKey ?? `${this.probeKey}.absent`;
    try {
      await this.bucket.get(key, { range: { start: 0, end: 0 }, signal });
    } catch (error) {
      if (!isExportError(error)) throw error;
      if (error.code === 'missing-list-bucket') {
        return { status: 'skip', message: t('without s3:ListBucket an object that is not there does not tell') };
      }
      if (error.code !== 'not-found') throw error;
    }
    return { message: t('reading is allowed; there was no probe to compare') };
  }

  private async append(put: Promise<Check>, get: Promise<Check>): Promise<Check> {
    if (!this.options.write) return this.skip('append', t('nothing is written with --no-write'));
    if ((await put).status !== 'pass') return this.skip('append', t('there is no probe to append to'));
    await get;
    return this.step('append', async signal => {
      const { bucket } = this;
      const isHeadAllowed = await bucket.head(this.probeKey, { signal }).then(
        head => head !== undefined,
        () => false,
      );
      let old: Buffer;
      try {
        old = (await bucket.get(this.probeKey, { signal })).body;
      } catch (error) {
        if (!isExportError(error) || failureOf(error)?.status !== 403) throw error;
        const found = await this.failed(error);
        return {
          ...found,
          message: isHeadAllowed
            ? t('HEAD works but GET is denied: Airflow overwrites a log with its newest part, and the rest is lost')
            : t('a log cannot be read again: Airflow appends nothing to it, and older versions overwrite it'),
        };
      }
      const whole = Buffer.concat([old, Buffer.from('\n'), this.probeText]);
      await bucket.put(this.probeKey, whole, { signal });
      if ((await bucket.head(this.probeKey, { signal }))?.size === whole.length) {
        return { message: t('read it and wrote it whole, with a line more: {0}', this.probeKey) };
      }
      return {
        status: 'fail',
        causes: ['unknown'],
        message: t('it does not hold what was appended: {0}', this.probeKey),
        nextStep: t('Check what else writes to the bucket.'),
      };
    });
  }

  private list(): Promise<Check> {
    return this.step('list', async signal => {
      const { bucket, prefix } = this.options.session.target;
      const where = `s3://${bucket}/${prefix}`;
      for await (const page of this.bucket.list({ prefix, pageSize: 10, signal })) {
        this.listedKey = page.objects.find(({ key }) => !isProbeKey(key, prefix) && !key.endsWith('/'))?.key;
        break;
      }
      return {
        message: this.listedKey === undefined ? t('no log lies there yet: {0}', where) : t('listed {0}', where),
      };
    });
  }

  private async delete(): Promise<Check> {
    if (!this.options.write) return this.skip('delete', t('nothing is written with --no-write'));
    if (!this.isProbeThere) return this.skip('delete', t('there is no probe to delete'));
    return this.step('delete', async signal => {
      try {
        const { deleteMarker } = await this.bucket.delete(this.probeKey, { signal });
        this.isProbeThere = false;
        const deleted = deleteMarker
          ? t(
              'deleted the probe; the bucket keeps versions, so its content stays as noncurrent ones of {0}',
              this.probeKey,
            )
          : t('deleted the probe');
        const left = await this.removeLeftovers(signal);
        return { message: left === 0 ? deleted : t('{0}, and {1} that earlier runs had left', deleted, left) };
      } catch (error) {
        if (!isExportError(error) || error.code === 'cancelled') throw error;
        // Airflow's own handler deletes nothing, but the vendor's policy has the action and its handler may need it.
        const found = await this.failed(error);
        const left = `s3://${this.options.session.target.bucket}/${this.probeKey}`;
        return { ...found, message: t('{0}; the probe is left behind: {1}', found.message, left) };
      }
    });
  }

  /** A person who may not list has no use for an error about what somebody else left. */
  private async removeLeftovers(signal: AbortSignal): Promise<number> {
    const { session, now = Date.now } = this.options;
    try {
      return await removeLeftovers(this.bucket, session.target.prefix, { now: now(), signal });
    } catch (error) {
      if (!isExportError(error) || error.code === 'cancelled') throw error;
      return 0;
    }
  }

  private async removeProbeQuietly(): Promise<void> {
    await this.bucket.delete(this.probeKey, { signal: AbortSignal.timeout(5_000) }).catch(() => {});
  }

  private step(id: CheckId, run: (signal: AbortSignal) => Promise<Found>): Promise<Check> {
    return this.options.runner.step(id, async () => this.options.as, run);
  }

  private async skip(id: CheckId, why: string): Promise<Check> {
    return this.options.runner.report(skip(id, why));
  }

  private failed(error: ExportError) {
    return this.options.runner.failed(error, Promise.resolve(this.options.as));
  }

  private get bucket() {
    return this.options.session.bucket;
  }

  private get probeKey(): string {
    return `${this.options.session.target.prefix}${PROBE_FOLDER}${this.id}`;
  }

  private get probeText(): Buffer {
    return probeText(this.id);
  }
}

/** Puts the cause first that the other checks point at. */
function first(cause: Cause, found: Found): Found {
  return { ...found, causes: [cause, ...(found.causes ?? []).filter(other => other !== cause)] };
}
