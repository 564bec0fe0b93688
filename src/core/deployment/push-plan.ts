import { t } from '@vscode/l10n';
import { resolveTarget } from '../env/settings';
import { ExportError } from '../export-error';
import { EXPORT_KEYS, type ExportKey, type ExportSettings } from '../export-settings';
import { isSameSetting } from './compare-deployment';
import type { DeploymentVariable } from './deployment-facts';

/** One variable that a push sets. */
export interface PushedVariable {
  readonly key: ExportKey;
  /** Undefined: it isn't there; null: it is a secret, whose value can't be read. */
  readonly before: string | null | undefined;
  readonly after: string;
}

/** What a push changes where the variables live, and what it leaves. */
export interface PushPlan {
  readonly set: readonly PushedVariable[];
  readonly unchanged: readonly ExportKey[];
  /** Ours that the file doesn't have; a push deletes nothing. */
  readonly left: readonly ExportKey[];
}

/**
 * What has to be set so that the variables say what the file says. Values that mean the same are left as they are, so
 * that nothing restarts for nothing. Throws an {@link ExportError} `bad-settings` where the file's own settings are bad.
 */
export function planPush(settings: ExportSettings, current: ReadonlyMap<string, DeploymentVariable>): PushPlan {
  resolveTarget(settings);
  const set: PushedVariable[] = [];
  const unchanged: ExportKey[] = [];
  const left: ExportKey[] = [];
  for (const [setting, key] of Object.entries(EXPORT_KEYS) as [keyof ExportSettings, ExportKey][]) {
    const after = settings[setting];
    const had = current.get(key);
    if (after === undefined) {
      if (had) left.push(key);
    } else if (after === '' || /[\r\n\0]/.test(after)) {
      throw new ExportError(
        'bad-settings',
        t('The value of {0} is empty or has a line break, and can not be pushed.', key),
        t('Correct it in the file first.'),
      );
    } else if (had?.value != null && isSameSetting(setting, had.value, after)) unchanged.push(key);
    else set.push({ key, before: had?.value, after });
  }
  return { set, unchanged, left };
}

/** The variables of a plan that are still not as they should be. */
export function notYetSet(plan: PushPlan, current: ReadonlyMap<string, DeploymentVariable>): readonly PushedVariable[] {
  return plan.set.filter(({ key, after }) => {
    const had = current.get(key);
    // A secret stays one, and never tells its value again.
    return had === undefined || (!had.isSecret && had.value !== after);
  });
}
