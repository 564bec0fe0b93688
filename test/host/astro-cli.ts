import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The Deployment that it knows; its name is `Orders prod`. */
export const DEPLOYMENT_ID = 'cm0abcdefghijklmnopqrstuv';
const STAND_IN = path.resolve(__dirname, '../../../test/unit/deployment/astro-stand-in.mjs');

/** Puts an `astro` on the PATH that takes exactly the calls that the real one takes. */
export class AstroCli {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'astro-cli-'));
  private readonly before = { PATH: process.env.PATH, state: process.env.ASTRO_STAND_IN };
  private readonly file = path.join(this.folder, 'state.json');

  constructor(state: object) {
    const program = path.join(this.folder, 'astro');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${STAND_IN}" "$@"\n`);
    chmodSync(program, 0o755);
    writeFileSync(
      this.file,
      JSON.stringify({ id: DEPLOYMENT_ID, identity: '', variables: [], workspace: [], calls: [], ...state }),
    );
    process.env.PATH = `${this.folder}${path.delimiter}${process.env.PATH}`;
    process.env.ASTRO_STAND_IN = this.file;
  }

  get state() {
    return JSON.parse(readFileSync(this.file, 'utf8')) as {
      variables: { key: string; value: string }[];
      calls: string[][];
    };
  }

  remove(): void {
    process.env.PATH = this.before.PATH;
    delete process.env.ASTRO_STAND_IN;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
