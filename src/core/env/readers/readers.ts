import { readAsCompose } from './compose';
import { readAsDocker } from './docker';
import { readAsFromFile } from './from-file';
import { readAsLoad } from './load';
import { readAsPodman } from './podman';
import type { Reader } from './reader';
import { readAsStandalone } from './standalone';

export type ReaderName = 'load' | 'from-file' | 'compose' | 'standalone' | 'docker' | 'podman';

interface NamedReader {
  readonly name: ReaderName;
  /** The commands that read so, as a person types them. */
  readonly command: string;
  readonly read: Reader;
}

/** The programs that read an env file on an Astro project's way, each with rules of its own. */
export const READERS: readonly NamedReader[] = [
  { name: 'load', command: 'astro deployment variable create|update --load', read: readAsLoad },
  { name: 'from-file', command: 'astro env variable create|update --from-file', read: readAsFromFile },
  { name: 'compose', command: 'astro dev start', read: readAsCompose },
  { name: 'standalone', command: 'astro dev start --standalone', read: readAsStandalone },
  { name: 'docker', command: 'astro dev pytest, astro dev parse, astro run, astro deploy', read: readAsDocker },
  { name: 'podman', command: 'the same with podman', read: readAsPodman },
];
