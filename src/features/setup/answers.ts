import type { AccessMode } from '../../core/export-settings';

/** What the flow has been told so far; also what is remembered for the next time. */
export interface SetUpAnswers {
  readonly accessMode?: AccessMode;
  readonly bucket?: string;
  /** The folder in the bucket, without slashes at its ends; `''` is the bucket itself. */
  readonly folder?: string;
  /** Only what lies under the folder, instead of the documented policy on the whole bucket. */
  readonly leastPrivilege?: boolean;
  /** Null: the Deployment's own region, which is left out. */
  readonly region?: string | null;
  /** A role's name, as long as the account isn't known. */
  readonly roleName?: string;
  readonly roleArn?: string;
  /** The Deployments' workload identities that may become the role. */
  readonly deploymentRoles?: readonly string[];
}
