import { l10n } from 'vscode';
import type { BucketClient } from '../../aws/session';
import { ExportError } from '../../core/export-error';
import { compileTemplate, type LogKeyTemplate } from '../../core/logs/log-key-template';
import {
  type BrowseOptions,
  listDags,
  listOther,
  listRuns,
  listTasks,
  type OtherLevel,
  type TaskRow,
} from '../../jobs/browse-logs';
import { config } from '../config';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import type { DagNode, LogNode, RunNode } from './log-nodes';
import { sameMinute } from './words';

/** Lists the children of a row, once, until it is told to forget them. */
export class LogBrowser {
  private readonly known = new Map<string, Promise<LogNode[]>>();
  /** Rows of which everything is listed, however many requests it takes. */
  private readonly whole = new Set<string>();

  constructor(private readonly exports: Exports) {}

  forget(): void {
    this.known.clear();
    this.whole.clear();
  }

  /** The children of a row. Throws an ExportError where they can't be listed; then the next call tries again. */
  children(node: LogNode, signal: AbortSignal): Promise<LogNode[]> {
    const known = this.known.get(node.id);
    if (known) return known;
    const listing = this.list(node, { signal, all: this.whole.has(node.id) });
    this.known.set(node.id, listing);
    listing.catch(() => {
      if (this.known.get(node.id) === listing) this.known.delete(node.id);
    });
    return listing;
  }

  /** Makes the next {@link children} of a row list everything. */
  listAll(node: LogNode): void {
    this.whole.add(node.id);
    this.known.delete(node.id);
  }

  private async list(node: LogNode, listing: BrowseOptions): Promise<LogNode[]> {
    if (node.kind === 'task') return attemptsOf(node, node.task);
    if (node.kind === 'other') return levelOf(node, node.level);
    const options = { ...listing, template: templateOf(node.item) };
    return this.exports.use(node.item, async ({ bucket, target: { prefix } }) => {
      switch (node.kind) {
        case 'export':
          return dagsOf(node, bucket, prefix, options);
        case 'dag':
          return runsOf(node, bucket, prefix, options);
        case 'run':
          return tasksOf(node, bucket, prefix, options);
        case 'folder':
          return levelOf(node, await listOther(bucket, prefix, node.folder, options));
        default:
          return [];
      }
    });
  }
}

async function dagsOf(parent: LogNode, bucket: BucketClient, prefix: string, options: BrowseOptions) {
  const { dags, isComplete, other } = await listDags(bucket, prefix, options);
  return [
    ...dags.map((dag): LogNode => ({ ...child(parent, `${dag.layout}:${dag.dagId}`), kind: 'dag', dag })),
    ...moreOf(parent, isComplete),
    ...otherOf(parent, other),
  ];
}

async function runsOf(parent: DagNode, bucket: BucketClient, prefix: string, options: BrowseOptions) {
  const { dag } = parent;
  const { runs, isComplete, other } = await listRuns(bucket, prefix, dag, options);
  const twins = sameMinute(runs.map(({ runId }) => runId));
  return [
    ...runs.map(
      (run): LogNode => ({ ...child(parent, run.runId), kind: 'run', dag, run, hasTwin: twins.has(run.runId) }),
    ),
    ...moreOf(parent, isComplete),
    ...otherOf(parent, other),
  ];
}

async function tasksOf(parent: RunNode, bucket: BucketClient, prefix: string, options: BrowseOptions) {
  const { dag, run } = parent;
  const { tasks, isComplete, otherRuns, other } = await listTasks(bucket, prefix, dag.dagId, run, options);
  return [
    ...tasks.map(
      (task): LogNode => ({ ...child(parent, `${task.taskId}:${task.mapIndex ?? ''}`), kind: 'task', task }),
    ),
    ...moreOf(parent, isComplete),
    // A run id may hold slashes: such runs lie in the folder of the run that their ids begin with.
    ...otherRuns.map(
      (runId): LogNode => ({
        ...child(parent, `run:${runId}`),
        kind: 'run',
        dag,
        run: { ...run, runId },
        hasTwin: true,
      }),
    ),
    ...otherOf(parent, other),
  ];
}

function attemptsOf(parent: LogNode, { attempts }: TaskRow): LogNode[] {
  return attempts.map(attempt => ({ ...child(parent, String(attempt.attempt)), kind: 'attempt', attempt }));
}

function levelOf(parent: LogNode, { folders, objects }: OtherLevel): LogNode[] {
  return [
    ...folders.map((folder): LogNode => ({ ...child(parent, folder), kind: 'folder', folder })),
    ...objects.map((object): LogNode => ({ ...child(parent, object.key), kind: 'object', object })),
  ];
}

function otherOf(parent: LogNode, level: OtherLevel): LogNode[] {
  if (level.folders.length + level.objects.length === 0) return [];
  return [{ ...child(parent, ' other'), kind: 'other', level }];
}

function moreOf(parent: LogNode, isComplete: boolean): LogNode[] {
  return isComplete ? [] : [{ ...child(parent, ' more'), kind: 'more' }];
}

/** The template of the settings; throws an ExportError `bad-settings` for one that can't be read. */
export function templateOf(item: Export): LogKeyTemplate | undefined {
  const text = config.logFilenameTemplate(item.uri);
  const compiled = text === undefined ? undefined : compileTemplate(text);
  if (compiled && 'problem' in compiled) {
    throw new ExportError(
      'bad-settings',
      l10n.t('The setting astroLogExport.logFilenameTemplate can not be read: {0}', compiled.problem.message),
      l10n.t('Copy log_filename_template from the Deployment, or empty the setting.'),
    );
  }
  return compiled?.template;
}

function child(parent: LogNode, name: string) {
  return { id: `${parent.id}/${name}`, item: parent.item, parent };
}
