import type { ExportErrorCode } from '../../core/export-error';
import type { LogOutcome } from '../../core/logs/outcome';
import type { LogObject } from '../../core/logs/task-log';
import type { AttemptRow, DagRow, OtherLevel, RunRow, TaskRow } from '../../jobs/browse-logs';
import type { Export } from '../exports/export';

interface NodeBase {
  /** Unique in the view, and the same after a refresh. */
  readonly id: string;
  readonly item: Export;
  readonly parent?: LogNode;
}

export interface ExportNode extends NodeBase {
  readonly kind: 'export';
}

export interface DagNode extends NodeBase {
  readonly kind: 'dag';
  readonly dag: DagRow;
}

export interface RunNode extends NodeBase {
  readonly kind: 'run';
  readonly dag: DagRow;
  readonly run: Pick<RunRow, 'runId' | 'layout' | 'date'>;
  /** Another run of the same minute is beside it. */
  readonly hasTwin: boolean;
}

/** A task, or one instance of a mapped one. */
export interface TaskNode extends NodeBase {
  readonly kind: 'task';
  readonly task: TaskRow;
}

/** The worker's log of an attempt and its trigger logs, in one row. */
export interface AttemptNode extends NodeBase {
  readonly kind: 'attempt';
  readonly attempt: AttemptRow;
  /** What the log's last lines say; undefined until they were read. */
  outcome?: LogOutcome;
}

/** Objects and folders that fit no template. */
interface OtherNode extends NodeBase {
  readonly kind: 'other';
  readonly level: OtherLevel;
}

interface FolderNode extends NodeBase {
  readonly kind: 'folder';
  /** The whole prefix, which ends in '/'. */
  readonly folder: string;
}

interface ObjectNode extends NodeBase {
  readonly kind: 'object';
  readonly object: LogObject;
}

/** More children of its parent are in the bucket than were listed. */
interface MoreNode extends NodeBase {
  readonly kind: 'more';
}

/** Why a listing failed, and what to do, in place of the children. */
export interface FailureNode extends NodeBase {
  readonly kind: 'failure';
  readonly code: ExportErrorCode;
  readonly message: string;
  readonly nextStep: string;
}

/** A row of what happened, or of what to do about it. */
export interface HintNode extends NodeBase {
  readonly kind: 'hint';
  readonly text: string;
  readonly icon: string;
}

/** What has to be done before anything can be listed. */
export interface ActionNode extends NodeBase {
  readonly kind: 'action';
  readonly action: 'confirmTarget' | 'openEnvFile';
}

export type LogNode =
  | ExportNode
  | DagNode
  | RunNode
  | TaskNode
  | AttemptNode
  | OtherNode
  | FolderNode
  | ObjectNode
  | MoreNode
  | FailureNode
  | HintNode
  | ActionNode;
