import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../finding';
import { kindOf } from '../lint/file-kind';
import { folderOf, joinPath, nameOf, resolvePath, type SourceFile } from '../lint/source-file';
import type { SourceFiles } from '../lint/source-files';
import { readDockerfile } from './dockerfile';
import { judgePackage, type ProjectFinding, type RequirementPlace } from './package-rules';
import { imageOfDockerfile, imageOfManifest, type ProjectImage } from './project-image';
import { type ProjectRequirements, requirementsOfDockerfile } from './project-requirements';
import { type AstroManifest, readAstroManifest } from './pyproject';
import { LOGGING_PACKAGE, MINIMUM_PACKAGE } from './runtime-facts';
import { judgeImage } from './runtime-rules';

const LINE = `${LOGGING_PACKAGE}>=${MINIMUM_PACKAGE}`;

/** Files never change, so what was found in them is kept: each file of a project asks for the whole of it. */
const known = new WeakMap<SourceFiles, ReadonlyMap<string, readonly Finding[]>>();

/**
 * The findings of a Dockerfile, a requirements file or a `pyproject.toml` among the others. A requirements file has some
 * only where a project installs it.
 */
export function lintProjectFile({ path }: SourceFile, files: SourceFiles): readonly Finding[] {
  return projectFindings(files).get(path) ?? [];
}

/** All findings of the projects that the files make up, by the path of the file each stands in. */
function projectFindings(files: SourceFiles): ReadonlyMap<string, readonly Finding[]> {
  const before = known.get(files);
  if (before) return before;
  const manifests = new Map<string, AstroManifest>();
  for (const { path, text } of files.all) {
    const manifest = nameOf(path) === 'pyproject.toml' ? readAstroManifest(text) : undefined;
    if (manifest) manifests.set(path, manifest);
  }
  // A manifest's Dockerfile is built from the manifest's folder, wherever it lies.
  const built = new Map<string, string>();
  for (const [path, { dockerfile }] of manifests) {
    if (dockerfile) built.set(resolvePath(folderOf(path), dockerfile.text), folderOf(path));
  }
  const found: ProjectFinding[] = [];
  for (const file of files.all) {
    if (kindOf(file) === 'dockerfile') found.push(...lintDockerfile(file, files, built.get(file.path)));
  }
  for (const [path, manifest] of manifests) if (!manifest.dockerfile) found.push(...lintManifest(path, manifest));
  const byPath = groupByPath(found);
  known.set(files, byPath);
  return byPath;
}

function lintDockerfile(file: SourceFile, files: SourceFiles, manifestFolder: string | undefined): ProjectFinding[] {
  const isNamedByManifest = manifestFolder !== undefined;
  const folder = manifestFolder ?? folderOf(file.path);
  const reading = readDockerfile(file.text);
  const requirements = requirementsOfDockerfile(file, folder, reading.commands, files);
  const isAstro = isNamedByManifest || requirements.found.length > 0 || hasSignOfAstro(folder, files);
  const image = imageOfDockerfile(reading, isAstro);
  if (!image || (image.product === 'other' && !isAstro)) return [];
  // Beside the one that Astro builds, an Astro project may have Dockerfiles of anything.
  const isMain = isNamedByManifest || nameOf(file.path).toLowerCase() === 'dockerfile';
  if (image.product === 'other' && !isMain) return [];
  const findings = judgeImage(image).map(finding => ({ path: file.path, finding }));
  if (image.product === 'agent' || image.product === 'certified') return findings;
  const place = placeOfRequirement(file, image, requirements);
  return [...findings, ...judgePackage({ ...requirements, image, place })];
}

/** Whether a folder is an Astro project, whatever its image is called: by the CLI's marker, or by an export. */
function hasSignOfAstro(folder: string, files: SourceFiles): boolean {
  return (
    files.inFolder(folder, joinPath('.astro', 'config.yaml')) !== undefined ||
    files.exports.some(({ file }) => folderOf(file) === folder)
  );
}

/** The end of requirements.txt, or the image where there is no such file. */
function placeOfRequirement(file: SourceFile, image: ProjectImage, { main }: ProjectRequirements): RequirementPlace {
  if (!main) return { path: file.path, range: image.imageRange, name: t('a requirements.txt beside the Dockerfile') };
  const { path, content, text } = main;
  return {
    path,
    range: content.lastLine ?? { start: 0, end: 0 },
    name: t('requirements.txt'),
    ...(content.isOpen ? {} : { fix: appendLine(text) }),
  };
}

/** Adds the requirement as the last line, with the line ends of the file. */
function appendLine(text: string): Fix {
  const end = text.includes('\r\n') ? '\r\n' : text.includes('\n') || !text.includes('\r') ? '\n' : '\r';
  const isLineStart = text === '' || /[\r\n\ufeff]$/.test(text);
  const range = { start: text.length, end: text.length };
  return { title: t('Add {0}', LINE), edits: [{ range, newText: `${isLineStart ? '' : end}${LINE}${end}` }] };
}

function lintManifest(path: string, manifest: AstroManifest): ProjectFinding[] {
  const image = imageOfManifest(manifest);
  const found = manifest.dependencies
    .filter(({ name }) => name === LOGGING_PACKAGE)
    .map(requirement => ({ path, requirement, isConstraint: false, isEditable: true }));
  const { list } = manifest;
  const place: RequirementPlace = {
    path,
    range: list?.last ?? image.range,
    name: t('the dependencies of pyproject.toml'),
    ...(list ? { fix: appendDependency(manifest.text, list) } : {}),
  };
  const findings = judgeImage(image).map(finding => ({ path, finding }));
  return [...findings, ...judgePackage({ image, found, unreadable: [], needsHashes: false, place })];
}

/** Adds the requirement behind the last string of the list, on a line of its own where that one has its own. */
function appendDependency(text: string, { start, last }: NonNullable<AstroManifest['list']>): Fix {
  const at = last?.end ?? start + 1;
  const lead = last && /\r?\n[ \t]*$/.exec(text.slice(start, last.start))?.[0];
  const separator = last ? `,${lead ?? ' '}` : '';
  return { title: t('Add {0}', LINE), edits: [{ range: { start: at, end: at }, newText: `${separator}"${LINE}"` }] };
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** Two Dockerfiles that install the same requirements say the same of them; the graver of two is told. */
function groupByPath(found: readonly ProjectFinding[]): Map<string, Finding[]> {
  const byPath = new Map<string, Finding[]>();
  for (const { path, finding } of found) {
    const others = byPath.get(path) ?? [];
    byPath.set(path, others);
    const same = others.findIndex(({ code, range }) => code === finding.code && range.start === finding.range.start);
    if (same < 0) others.push(finding);
    else if (RANK[finding.severity] < RANK[(others[same] as Finding).severity]) others[same] = finding;
  }
  return byPath;
}
