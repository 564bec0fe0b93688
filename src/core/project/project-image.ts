import type { TextRange } from '../text/text-range';
import { GAP } from './docker-variables';
import type { BaseImageName, DockerfileReading } from './dockerfile';
import { type ImageProduct, parseImageReference, productOf } from './image-reference';
import type { AstroManifest } from './pyproject';
import { parseRuntimeTag, type RuntimeVersion } from './runtime-version';

/** The image that a project runs on, as far as its files tell. */
export interface ProjectImage {
  readonly product: ImageProduct;
  /** Undefined where the tag names none. */
  readonly version: RuntimeVersion | undefined;
  /** What tells the version, or fails to: the tag, a digest, the whole image. */
  readonly range: TextRange;
  /** The version alone, where it stands in one piece and can be replaced. */
  readonly versionRange?: TextRange;
  /** The whole image. */
  readonly imageRange: TextRange;
  /** As `docker run` takes it; undefined where a variable has no value. */
  readonly reference: string | undefined;
  /** Whether the image is the newest of the line that the version names. */
  readonly isNewest?: boolean;
  /** Why there is no version. */
  readonly gap?: 'variable' | 'name' | 'digest' | 'tag' | 'no-tag' | 'unpinned';
}

/** The image of a Dockerfile's last stage; undefined in one that names none. */
export function imageOfDockerfile({ base }: DockerfileReading, isInAstroProject: boolean): ProjectImage | undefined {
  if (!base) return undefined;
  const { name, tag, digest } = parseImageReference(base.text);
  const product = productOf({ name, ...(tag ? { tag } : {}) }, isInAstroProject);
  const common = { imageRange: base.range, reference: base.text.includes(GAP) ? undefined : base.text };
  const unknown = { ...common, product, version: undefined };
  if (product === 'other') return { ...unknown, range: base.range, gap: name.includes(GAP) ? 'variable' : 'name' };
  if (!tag) {
    const range = digest ? placeOf(base, digest).range : base.range;
    return { ...unknown, range, gap: digest ? 'digest' : 'no-tag' };
  }
  const whole = placeOf(base, tag.range);
  const version = parseRuntimeTag(tag.text);
  if (!version) return { ...unknown, range: whole.range, gap: tag.text.includes(GAP) ? 'variable' : 'tag' };
  const { start } = tag.range;
  const place = placeOf(base, { start, end: start + version.length });
  // `${VERSION}-slim`: the ARG's default is what tells the version, and what has to be changed.
  const range = !whole.isWhole && place.isWhole ? place.range : whole.range;
  return { ...common, product, version, range, ...(place.isWhole ? { versionRange: place.range } : {}) };
}

/** Where a part of the image is written: in an ARG's default, if it comes from one whole, else in the FROM line. */
function placeOf(
  { text, origins, uses, range }: BaseImageName,
  part: TextRange,
): { range: TextRange; isWhole: boolean } {
  if (part.start === part.end) return { range, isWhole: false };
  const [first, last] = [origins[part.start], origins[part.end - 1]] as [number, number];
  const [from, to] = [uses[part.start], uses[part.end - 1]] as [TextRange, TextRange];
  const isWhole = last - first === part.end - 1 - part.start && !text.slice(part.start, part.end).includes(GAP);
  return isWhole
    ? { range: { start: first, end: last + 1 }, isWhole }
    : { range: { start: from.start, end: to.end }, isWhole };
}

const IMAGE = 'astrocrpublic.azurecr.io/runtime';

/** The image that the Astro CLI makes of a manifest: of the Runtime it names, or of the newest of its Airflow's series. */
export function imageOfManifest({ runtime, dependencies, range }: AstroManifest): ProjectImage {
  if (runtime) {
    const version = parseRuntimeTag(runtime.text);
    const reference = version && `${IMAGE}:${runtime.text}`;
    const place = { start: runtime.start, end: runtime.end };
    return {
      product: 'runtime',
      version,
      range: place,
      imageRange: place,
      reference,
      ...(version ? { versionRange: { start: place.start, end: place.start + version.length } } : { gap: 'tag' }),
    };
  }
  const airflow = dependencies.find(({ name }) => name === 'apache-airflow' || name === 'apache-airflow-core');
  const pin = airflow?.specifier;
  const series = pin && seriesOf(pin.text);
  const version = series?.version;
  const place = pin ? { start: pin.start, end: pin.end } : range;
  const reference = version?.numbering === 'airflow-3' ? `${IMAGE}:${version.major}.${version.minor}` : undefined;
  return {
    product: 'runtime',
    version,
    range: place,
    imageRange: place,
    reference,
    ...(series ? { isNewest: series.isNewest } : { gap: 'unpinned' }),
  };
}

/** Airflow 2.9 came with Runtime 11, and so on. */
const RUNTIME_OF_AIRFLOW_2_0 = 2;
/** Runtime 11, whose newest is recent enough. */
const OLDEST_AIRFLOW_2 = 9;

function seriesOf(specifier: string): { version: RuntimeVersion; isNewest: boolean } | undefined {
  const match = /^\(?\s*={2,3}\s*(\d+)\.(\d+)(?:\.[\d.*]+)?\s*\)?$/.exec(specifier);
  if (!match) return undefined;
  const [major, minor] = match.slice(1).map(Number) as [number, number];
  const isAirflow2 = major === 2;
  const version = parseRuntimeTag(isAirflow2 ? `${minor + RUNTIME_OF_AIRFLOW_2_0}` : `${major}.${minor}`);
  return version && { version, isNewest: !isAirflow2 || minor >= OLDEST_AIRFLOW_2 };
}
