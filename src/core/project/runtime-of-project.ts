import { readDockerfile } from './dockerfile';
import { parseImageReference } from './image-reference';
import { imageOfDockerfile, imageOfManifest } from './project-image';
import { readAstroManifest } from './pyproject';

/** The files of a project that may name its Runtime; absent: not there. */
export interface RuntimeFiles {
  readonly dockerfile?: string;
  readonly pyproject?: string;
}

/** The Runtime that a project names, as Astro writes it (`12.1.0`, `3.1-11`); undefined where it names no single one. */
export function runtimeOfProject({ dockerfile, pyproject }: RuntimeFiles): string | undefined {
  const manifest = pyproject === undefined ? undefined : readAstroManifest(pyproject);
  // A manifest may name a Dockerfile that lies elsewhere.
  if (manifest?.dockerfile) return undefined;
  const image = manifest
    ? imageOfManifest(manifest)
    : dockerfile === undefined
      ? undefined
      : imageOfDockerfile(readDockerfile(dockerfile), true);
  if (image?.product !== 'runtime' || image.version?.patch === undefined || image.reference === undefined) {
    return undefined;
  }
  return parseImageReference(image.reference).tag?.text.slice(0, image.version.length).replace(/^v/i, '');
}
