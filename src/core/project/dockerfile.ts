import { type Arg, DockerfileParser, type From, type Instruction } from 'dockerfile-ast';
import { LineIndex } from '../text/line-index';
import type { TextRange } from '../text/text-range';
import { type DockerScope, type Expansion, expandWord } from './docker-variables';

/** What a Dockerfile builds on, and what it installs. */
export interface DockerfileReading {
  /** The image at the root of the last stage; undefined in a Dockerfile without one. */
  readonly base: BaseImageName | undefined;
  /** The commands of the last stage and of those it builds on, each without its line continuations. */
  readonly commands: readonly DockerCommand[];
}

export interface BaseImageName extends Expansion {
  /** Of the image in its FROM line, without `--platform` and `AS`. */
  readonly range: TextRange;
}

/** A RUN, of the same length as in the file: continuations and comments are blanks. */
export interface DockerCommand {
  readonly text: string;
  readonly start: number;
}

interface Stage {
  readonly name: string | undefined;
  readonly image: BaseImageName | undefined;
  readonly commands: DockerCommand[];
}

/**
 * Reads a Dockerfile as `docker build` does without `--target` and `--build-arg`: the last stage counts, and stages that
 * files are only copied from don't. Never throws.
 * https://docs.docker.com/reference/dockerfile/
 */
export function readDockerfile(text: string): DockerfileReading {
  const index = new LineIndex(text);
  const stages: Stage[] = [];
  const { instructions, escapeCharacter } = parse(text);
  const scope: DockerScope = { source: text, escapeCharacter, args: new Map() };
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    const stage = stages.at(-1);
    if (keyword === 'FROM') stages.push(readFrom(scope, index, instruction as From));
    else if (keyword === 'ARG' && !stage) readArg(scope, index, instruction as Arg);
    else if (keyword === 'RUN' && stage) stage.commands.push(readCommand(scope, index, instruction));
  }
  const last = stages.findLastIndex(({ image }) => image !== undefined);
  const chain = chainFrom(stages, last);
  return { base: chain.at(-1)?.image, commands: chain.flatMap(({ commands }) => commands) };
}

/** A parser that breaks on a text tells nothing of it: the file isn't judged. */
function parse(text: string): { instructions: readonly Instruction[]; escapeCharacter: string } {
  try {
    const dockerfile = DockerfileParser.parse(text);
    return { instructions: dockerfile.getInstructions(), escapeCharacter: dockerfile.getEscapeCharacter() };
  } catch {
    return { instructions: [], escapeCharacter: '\\' };
  }
}

/** A stage and those that it builds on, down to the one that names an image of a registry. */
function chainFrom(stages: readonly Stage[], last: number): Stage[] {
  const chain: Stage[] = [];
  for (let at = last; at >= 0; ) {
    const stage = stages[at] as Stage;
    chain.push(stage);
    const image = stage.image?.text.toLowerCase();
    at = stages.slice(0, at).findLastIndex(({ name }) => name !== undefined && name === image);
  }
  return chain;
}

function readFrom(scope: DockerScope, index: LineIndex, from: From): Stage {
  const image = from.getImageRange();
  if (!image) return { name: undefined, image: undefined, commands: [] };
  const range = index.offsetRange(image);
  return {
    name: from.getBuildStage()?.toLowerCase(),
    image: { ...expandWord(scope, range), range },
    commands: [],
  };
}

function readArg(scope: DockerScope, index: LineIndex, arg: Arg): void {
  for (const property of arg.getProperties()) {
    const value = property.getValueRange();
    if (value) scope.args.set(property.getName(), expandWord(scope, index.offsetRange(value)));
  }
}

function readCommand(
  { source, escapeCharacter }: DockerScope,
  index: LineIndex,
  instruction: Instruction,
): DockerCommand {
  const { start, end } = index.offsetRange(instruction.getRange());
  const continuation = escapeCharacter === '`' ? BACKTICK_CONTINUATION : CONTINUATION;
  return { text: source.slice(start, end).replace(continuation, part => ' '.repeat(part.length)), start };
}

const BACKTICK_CONTINUATION = /`[ \t]*(?:\r\n?|\n)(?:[ \t]*#[^\r\n]*(?:\r\n?|\n))*/g;
const CONTINUATION = /\\[ \t]*(?:\r\n?|\n)(?:[ \t]*#[^\r\n]*(?:\r\n?|\n))*/g;
