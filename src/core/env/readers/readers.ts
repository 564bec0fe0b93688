import { readAsCompose } from './compose';
import { readAsDocker } from './docker';
import { readAsFromFile } from './from-file';
import { readAsLoad } from './load';
import { readAsPodman } from './podman';
import type { Reader } from './reader';
import { readAsStandalone } from './standalone';

export type ReaderName = 'load' | 'from-file' | 'compose' | 'standalone' | 'docker' | 'podman';

export interface NamedReader {
  readonly name: ReaderName;
  /** The commands that read so, as a person types them. */
  readonly command: string;
  /** What a message calls it that names one or two. */
  readonly label: string;
  /** What a message calls it that names them all. */
  readonly short: string;
  readonly read: Reader;
}

/** The programs that read an env file on an Astro project's way, each with rules of its own. */
export const READERS: readonly NamedReader[] = [
  {
    name: 'load',
    command: 'astro deployment variable create|update --load',
    label: 'astro deployment variable --load',
    short: '--load',
    read: readAsLoad,
  },
  {
    name: 'from-file',
    command: 'astro env variable create|update --from-file',
    label: 'astro env variable --from-file',
    short: '--from-file',
    read: readAsFromFile,
  },
  {
    name: 'compose',
    command: 'astro dev start',
    label: 'astro dev start',
    short: 'astro dev start',
    read: readAsCompose,
  },
  {
    name: 'standalone',
    command: 'astro dev start --standalone',
    label: 'astro dev start --standalone',
    short: '--standalone',
    read: readAsStandalone,
  },
  {
    name: 'docker',
    command: 'astro dev pytest, astro dev parse, astro run, astro deploy',
    label: 'docker --env-file (astro dev pytest, dev parse, run, deploy)',
    short: 'docker',
    read: readAsDocker,
  },
  { name: 'podman', command: 'the same with podman', label: 'podman --env-file', short: 'podman', read: readAsPodman },
];
