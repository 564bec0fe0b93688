import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AstroCli } from '../../../src/astro/astro-cli';

export const DEPLOYMENT_ID = 'cm0abcdefghijklmnopqrstuv';
export const IDENTITY = 'arn:aws:iam::111122223333:role/astro-orders';

interface Variable {
  readonly key: string;
  readonly value: string;
  readonly is_secret?: boolean;
}

interface StandInState {
  readonly variables: readonly Variable[];
  readonly workspace: readonly Variable[];
  readonly calls: readonly (readonly string[])[];
  readonly isLoggedOut?: boolean;
  readonly cutsValues?: boolean;
  readonly hasNoIdentityFlag?: boolean;
}

/** A stand-in for the Astro CLI, which refuses what the real one refuses. */
export class StandIn {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'astro-stand-in-'));
  private readonly file = path.join(this.folder, 'state.json');
  readonly cli: AstroCli;

  constructor(state: Partial<StandInState> = {}) {
    const whole = { id: DEPLOYMENT_ID, identity: IDENTITY, variables: [], workspace: [], calls: [], ...state };
    writeFileSync(this.file, JSON.stringify(whole));
    this.cli = new AstroCli({
      command: [process.execPath, path.join(__dirname, 'astro-stand-in.mjs')],
      env: { ASTRO_STAND_IN: this.file, ASTRO_API_TOKEN: 'canary-token' },
    });
  }

  get state(): StandInState {
    return JSON.parse(readFileSync(this.file, 'utf8'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
