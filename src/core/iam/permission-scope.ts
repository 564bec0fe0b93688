import { t } from '@vscode/l10n';

/** What a person has to know to choose between the documented policy and one for the folder alone. */
export interface PermissionScope {
  readonly bucket: string;
  readonly prefix: string;
  readonly leastPrivilege?: boolean;
}

/** One sentence: how far the policy reaches, and what the other one would do instead. */
export function describePermissionScope({ bucket, prefix, leastPrivilege }: PermissionScope): string {
  const folder = prefix.replace(/^\/+|\/+$/g, '');
  return leastPrivilege
    ? t(
        "The policy lets the export list, read, write and delete only under {0}/ of {1}, which is less than Astro's documentation asks for; the documented policy covers the whole bucket.",
        folder,
        bucket,
      )
    : t(
        "The policy is the one that Astro's documentation shows, for the whole bucket {0}; with least privilege it would cover only {1}/.",
        bucket,
        folder,
      );
}
