import type { TextRange } from '../text/text-range';
import { parseRuntimeTag } from './runtime-version';

/** An image as a Dockerfile names it; ranges are offsets of the reference. */
export interface ImageReference {
  /** Registry and path: `quay.io/astronomer/astro-runtime`. */
  readonly name: string;
  readonly tag?: { readonly text: string; readonly range: TextRange };
  readonly digest?: TextRange;
}

/** Takes a reference apart: the tag is what follows a colon behind the last slash, since a registry may have a port. */
export function parseImageReference(text: string): ImageReference {
  const at = text.indexOf('@');
  const end = at < 0 ? text.length : at;
  const named = text.slice(0, end);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  return {
    name: hasTag ? named.slice(0, colon) : named,
    ...(hasTag ? { tag: { text: named.slice(colon + 1), range: { start: colon + 1, end } } } : {}),
    ...(at < 0 ? {} : { digest: { start: at + 1, end: text.length } }),
  };
}

/**
 * `runtime`: Astro Runtime, `certified`: Astronomer Certified, which came before it, `agent`: what runs the tasks of
 * Remote Execution.
 */
export type ImageProduct = 'runtime' | 'certified' | 'agent' | 'other';

const RUNTIME_NAME = /^astro-runtime(?:-slim|-dev|-base)?$/;
const SHARED_NAME = /^runtime(?:-slim|-dev|-base)?$/;
const NEW_TAG = /^v?[3-9]\.\d+-\d+(?:$|[-.])/;

/** What an image is, by its name, wherever it is mirrored. `runtime` alone is the name of others' images too. */
export function productOf({ name, tag }: ImageReference, isInAstroProject: boolean): ImageProduct {
  const path = name.toLowerCase().split('/');
  const last = path.at(-1) as string;
  if (last.startsWith('astro-remote-execution-agent')) return 'agent';
  if (last === 'ap-airflow') return 'certified';
  if (RUNTIME_NAME.test(last)) return 'runtime';
  if (!SHARED_NAME.test(last) || path.some(part => part.includes('dotnet'))) return 'other';
  if (path.some(part => part.startsWith('astro'))) return 'runtime';
  const version = tag && parseRuntimeTag(tag.text);
  return version && (isInAstroProject || NEW_TAG.test(tag.text)) ? 'runtime' : 'other';
}
