import type { BucketClient, ListOptions, ListPage } from '../aws/session';

/** Days back that runs are looked for at first. */
const DAYS_BACK = 30;

/** Further windows of time that are tried for a kind of run. */
const MAX_WINDOWS = 8;

/** Looks for the runs of one kind by the dates in their ids: S3 lists from the oldest on, and can't be asked backwards. */
export class RunWindows {
  constructor(
    private readonly bucket: BucketClient,
    private readonly prefix: string,
    private readonly now: Date,
    private readonly signal: AbortSignal,
  ) {}

  /** The first page of the last month: most DAGs are answered by that. */
  recent(): Promise<ListPage> {
    return this.look(DAYS_BACK);
  }

  /** The first page of what so many days ago and later has; of all there is without a number. */
  private look(days?: number): Promise<ListPage> {
    const since = days === undefined ? '' : new Date(this.now.getTime() - days * 86_400_000).toISOString().slice(0, 19);
    const { bucket, prefix, signal } = this;
    return firstPage(bucket, { prefix, delimiter: '/', ...(since && { startAfter: prefix + since }), signal });
  }

  /** The folders of the newest runs. A window that has too many for a page is made shorter, one that has none longer. */
  async newest(recent: ListPage): Promise<readonly string[]> {
    let found = recent.commonPrefixes;
    if (found.length > 0 && !recent.isTruncated) return found;
    let tooShort = 0;
    let tooLong = DAYS_BACK;
    if (found.length === 0) {
      const [longer, all] = await Promise.all([this.look(DAYS_BACK * 10), this.look()]);
      if (!all.isTruncated) return all.commonPrefixes;
      found = longer.commonPrefixes.length > 0 ? longer.commonPrefixes : all.commonPrefixes;
      if (longer.commonPrefixes.length > 0 && !longer.isTruncated) return found;
      tooShort = longer.isTruncated ? DAYS_BACK : DAYS_BACK * 10;
      tooLong = longer.isTruncated ? DAYS_BACK * 10 : DAYS_BACK * 100;
    }
    for (let i = 0; i < MAX_WINDOWS; i++) {
      const days = tooShort === 0 ? tooLong / 10 : (tooShort + tooLong) / 2;
      const page = await this.look(days);
      if (page.commonPrefixes.length > 0) found = page.commonPrefixes;
      if (page.isTruncated) tooLong = days;
      else if (page.commonPrefixes.length === 0) tooShort = days;
      else break;
    }
    return found;
  }
}

/** The first page of a listing. */
export async function firstPage(bucket: BucketClient, options: ListOptions): Promise<ListPage> {
  for await (const page of bucket.list(options)) return page;
  return { objects: [], commonPrefixes: [], isTruncated: false };
}
