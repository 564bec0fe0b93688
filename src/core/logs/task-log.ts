/** What an object's key says about the task that wrote it. */
export interface TaskLog {
  readonly dagId: string;
  readonly runId: string;
  readonly taskId: string;
  /** Absent for a task that isn't mapped. */
  readonly mapIndex?: number;
  readonly attempt: number;
  /** The id of the triggerer *job* that wrote a `.log.trigger.N.log`; absent for the worker's own log. */
  readonly triggerJobId?: number;
}

/** One object under the export's prefix. */
export interface LogObject {
  /** The whole key, prefix included, not URL-encoded. */
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /** Present when the key fits the template. */
  readonly log?: TaskLog;
}
