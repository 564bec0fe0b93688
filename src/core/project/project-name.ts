/**
 * The project's name in `.astro/config.yaml` (`project:` › `name:`); undefined where it has none.
 * https://www.astronomer.io/docs/astro/cli/configure-cli
 */
export function projectName(configYaml: string): string | undefined {
  let isInProject = false;
  for (const line of configYaml.split(/\r\n|\n|\r/)) {
    if (/^\S/.test(line) && !line.startsWith('#')) isInProject = /^project\s*:\s*(#.*)?$/.test(line);
    const name = isInProject ? /^\s+name\s*:\s*(.*)$/.exec(line)?.[1] : undefined;
    if (name !== undefined) return scalar(name) || undefined;
  }
  return undefined;
}

function scalar(text: string): string {
  const quoted = /^(["'])(.*?)\1/.exec(text);
  return (quoted ? (quoted[2] as string) : text.replace(/(^|\s)#.*$/, '')).trim();
}

/** A name as one segment of an S3 folder: what S3 and Airflow take without escaping, and never empty. */
export function folderSegment(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'my-project';
}
