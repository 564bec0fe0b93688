import { folderOf, joinPath, resolvePath, type SourceFile } from '../lint/source-file';
import type { SourceFiles } from '../lint/source-files';
import type { DockerCommand } from './dockerfile';
import { parseRequirement, type Requirement } from './requirement';
import { parseRequirements, type RequirementsFile } from './requirements-file';
import { LOGGING_PACKAGE } from './runtime-facts';

/** A requirement of the logging package, or a limit of its version. */
export interface PackageRequirement {
  readonly path: string;
  readonly requirement: Requirement;
  readonly isConstraint: boolean;
  /** Whether it stands in a list of requirements, where another version can be written; not in a shell command. */
  readonly isEditable: boolean;
}

/** What a project installs, as far as the logging package goes. */
export interface ProjectRequirements {
  readonly found: readonly PackageRequirement[];
  /** The file that the image installs by itself. */
  readonly main?: { readonly path: string; readonly text: string; readonly content: RequirementsFile };
  /** Files that are named and aren't there, or lie behind an address. */
  readonly unreadable: readonly string[];
  /** Whether pip asks for a hash of everything. */
  readonly needsHashes: boolean;
}

/**
 * The requirements of a Dockerfile's project: of the requirements.txt in the project's folder, of what that includes, and
 * of the Dockerfile's own commands.
 */
export function requirementsOfDockerfile(
  dockerfile: SourceFile,
  folder: string,
  commands: readonly DockerCommand[],
  files: SourceFiles,
): ProjectRequirements {
  const collector = new Collector(files);
  const main = files.inFolder(folder, 'requirements.txt');
  if (main) collector.add(main.path, false);
  for (const command of commands) collector.addCommand(dockerfile.path, folder, command);
  return collector.result(main);
}

/** Collects the requirements of files that name each other, each file once. */
class Collector {
  private readonly found: PackageRequirement[] = [];
  private readonly unreadable: string[] = [];
  private readonly visited = new Map<string, RequirementsFile>();
  private needsHashes = false;

  constructor(private readonly files: SourceFiles) {}

  result(main: SourceFile | undefined): ProjectRequirements {
    const { found, unreadable, needsHashes } = this;
    const content = main && this.visited.get(keyOf(main.path, false));
    return { found, unreadable, needsHashes, ...(main && content ? { main: { ...main, content } } : {}) };
  }

  add(root: string, isConstraint: boolean): void {
    const waiting = [{ path: root, isConstraint }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { path } = next;
      const file = this.files.get(path);
      if (!file || this.visited.has(keyOf(path, next.isConstraint))) continue;
      const content = parseRequirements(file.text);
      this.visited.set(keyOf(path, next.isConstraint), content);
      if (content.needsHashes) this.needsHashes = true;
      for (const requirement of content.requirements) {
        if (requirement.name !== LOGGING_PACKAGE) continue;
        this.found.push({ path, requirement, isConstraint: next.isConstraint, isEditable: true });
      }
      for (const include of content.includes) {
        const isLimit = next.isConstraint || include.kind === 'constraint';
        const target = resolvePath(folderOf(path), include.text);
        if (this.files.get(target)) waiting.push({ path: target, isConstraint: isLimit });
        else if (!isLimit) this.unreadable.push(include.text);
      }
    }
  }

  addCommand(path: string, folder: string, { text, start }: DockerCommand): void {
    if (!/\b(?:pip\d*|uv)\b[^|;&]{0,500}\b(?:install|add|sync)\b/.test(text)) return;
    for (const match of text.matchAll(PACKAGE_WORD)) {
      const requirement = parseRequirement(
        match[1] as string,
        start + match.index + match[0].length - (match[1] as string).length,
      );
      if (requirement?.name === LOGGING_PACKAGE) {
        this.found.push({ path, requirement, isConstraint: false, isEditable: false });
      }
    }
    for (const [, option, , file = ''] of text.matchAll(FILE_OPTION)) {
      // A path of the image's own: the file lies beside the Dockerfile, by name or by path.
      const targets = [resolvePath(folder, file), joinPath(folder, file.slice(file.lastIndexOf('/') + 1))];
      const target = targets.find(each => this.files.get(each));
      if (target !== undefined) this.add(target, /^--?c/.test(option as string));
      else if (!/\$|requirements\.txt$/.test(file)) this.unreadable.push(file);
    }
  }
}

/** A word of a shell command that names the package, with its version range; quotes or brackets may stand round it. */
const PACKAGE_WORD =
  /(?:^|[\s"'[,=])((?:[^\s"'[\],;&|=]*\/)?astronomer[-_.]+providers[-_.]+logging(?:\[[\w\s,.-]*\])?(?:[-\w.+]*\.(?:whl|tar\.gz)|\s*(?:[=~!<>]{1,3}\s*[\w.*+!]+\s*,?\s*)*))(?=$|[\s"'\],;&|)#])/gi;
const FILE_OPTION = /(?:^|\s)(-r|--requirements?|-c|--constraints?)(?:=|\s+|(?<=-[rc]))(["']?)([^\s"'=;&|<>]+)\2/g;

function keyOf(path: string, isConstraint: boolean): string {
  return `${isConstraint ? 'c' : 'r'}:${path}`;
}
