import type { Finding } from '../finding';
import { FINDINGS } from '../finding-table';
import type { FileKind } from './file-kind';

/** What settings switch off as a whole, beside single codes. */
export type FindingSwitch = 'project' | 'policies';

const PROJECT_KINDS: ReadonlySet<FileKind> = new Set(['dockerfile', 'requirements', 'pyproject']);

/**
 * The switch that a finding in a file of this kind hangs on; undefined for those of env files and Deployments. One
 * that compares with a policy is about that policy too, in whichever of the two files it stands.
 */
export function switchOf(finding: Finding, kind: FileKind): FindingSwitch | undefined {
  const { family } = FINDINGS[finding.code];
  if (family === 'project' || PROJECT_KINDS.has(kind)) return 'project';
  if (family === 'policy' || kind === 'policy') return 'policies';
  const isAboutPolicy = finding.related?.some(place => place.file !== undefined && /\.json$/i.test(place.file));
  return family === 'cross-file' && isAboutPolicy ? 'policies' : undefined;
}
