import { nameOf, type SourceFile } from './source-file';

/** What a file is linted as. */
export type FileKind = 'env' | 'deployment' | 'dockerfile' | 'requirements' | 'pyproject' | 'policy';

/** Whether a folder's walk reads a file at all; what it is, its text tells too. */
export function mayBeLinted(path: string): boolean {
  const name = nameOf(path).toLowerCase();
  return kindByName(name) !== undefined || MAY_BE_DEPLOYMENT.test(name);
}

/** What a file is: by its name, and where that leaves it open (YAML), by its content. */
export function kindOf({ path, text, kind }: SourceFile): FileKind | undefined {
  if (kind) return kind;
  const name = nameOf(path).toLowerCase();
  const named = kindByName(name);
  if (named) return named;
  return MAY_BE_DEPLOYMENT.test(name) && isDeploymentFile(text) ? 'deployment' : undefined;
}

/** What a file is that a person named or opened, whatever it is called. */
export function kindOfNamed(file: SourceFile): FileKind | undefined {
  const name = nameOf(file.path).toLowerCase();
  const known = kindOf(file);
  if (known) return known;
  if (name.endsWith('.json')) {
    if (isDeploymentFile(file.text)) return 'deployment';
    return looksLikePolicy(file.text) ? 'policy' : undefined;
  }
  return !OTHER_KINDS.test(name) && ASSIGNMENT.test(file.text) ? 'env' : undefined;
}

function kindByName(name: string): FileKind | undefined {
  if (name === '.env' || name.startsWith('.env.') || name.endsWith('.env')) return 'env';
  if (/^dockerfile(?:\..+)?$|\.dockerfile$/.test(name)) return 'dockerfile';
  if (/^requirements.*\.txt$/.test(name)) return 'requirements';
  if (name === 'pyproject.toml') return 'pyproject';
  return /(?:policy|trust).*\.json$/.test(name) ? 'policy' : undefined;
}

/** Names of files of other kinds, which are not taken for env files because they hold an assignment somewhere. */
const OTHER_KINDS = /\.(?:json|ya?ml|toml|md|py|sh|js|ts|tf|cfg|ini|log|html|xml|csv|txt)$/;
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=/m;

/** The Astro CLI takes deployment files in JSON too. */
const MAY_BE_DEPLOYMENT = /\.ya?ml$|deployment[^/]*\.json$/;

/** Field names of a deployment file are read in any case, and a byte order mark before them is skipped. */
function isDeploymentFile(text: string): boolean {
  return (
    /(?:^\ufeff?|[{,])[ \t]*["']?deployment["']?[ \t]*:/im.test(text) &&
    /(?:^|[{,])[ \t]*["']?environment_variables["']?[ \t]*:/im.test(text)
  );
}

/** Also where the JSON can't be parsed, as the vendor's own sample can't. */
function looksLikePolicy(text: string): boolean {
  return /"Statement"\s*:/.test(text) && /"(?:Effect|Action|NotAction)"\s*:/.test(text);
}
