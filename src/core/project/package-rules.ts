import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../finding';
import { makeFinding } from '../make-finding';
import { showValue } from '../text/show-value';
import type { TextRange } from '../text/text-range';
import { ALL_PYTHONS, neverApplies } from './marker';
import type { ProjectImage } from './project-image';
import type { PackageRequirement } from './project-requirements';
import type { Requirement } from './requirement';
import { bundledPackage, LOGGING_PACKAGE, MINIMUM_PACKAGE, OLD_BUNDLED } from './runtime-facts';
import { printRuntime } from './runtime-version';
import { VersionRange } from './version-range';

/** What is right to write. */
const WANTED = `>=${MINIMUM_PACKAGE}`;

/** A finding in one of a project's files. */
export interface ProjectFinding {
  readonly path: string;
  readonly finding: Finding;
}

/** Where a project would require the package, and how a line is added there. */
export interface RequirementPlace {
  readonly path: string;
  readonly range: TextRange;
  /** The list that takes the requirement: `requirements.txt`, `dependencies`. */
  readonly name: string;
  /** Undefined where adding isn't safe. */
  readonly fix?: Fix;
}

export interface PackageQuestion {
  readonly image: ProjectImage;
  readonly found: readonly PackageRequirement[];
  readonly unreadable: readonly string[];
  readonly needsHashes: boolean;
  readonly place: RequirementPlace;
}

/** `logging-package-too-old` and `logging-package-missing`: what pip makes of the Runtime's package and the requirements. */
export function judgePackage(question: PackageQuestion): ProjectFinding[] {
  const { image, found } = question;
  const python = image.version?.python;
  const environment = { pythons: python === undefined ? ALL_PYTHONS : [python] };
  const [active, excluded] = [false, true].map(isExcluded =>
    found.filter(
      ({ requirement: { marker } }) => isExcluded === (marker !== undefined && neverApplies(marker.text, environment)),
    ),
  ) as [PackageRequirement[], PackageRequirement[]];
  const findings = active.flatMap(each => judgeRequirement(each, question) ?? []);
  const isRequired = active.some(({ isConstraint }) => !isConstraint);
  const missing = isRequired
    ? undefined
    : judgeAbsence(
        question,
        excluded.find(({ isConstraint }) => !isConstraint),
      );
  return missing ? [...findings, missing] : findings;
}

function judgeRequirement(each: PackageRequirement, question: PackageQuestion): ProjectFinding | undefined {
  const { requirement, path, isConstraint } = each;
  const { specifier, fileVersion } = requirement;
  const pin = fileVersion ?? specifier;
  const range = fileVersion ? VersionRange.parse(`==${fileVersion.text}`) : VersionRange.parse(specifier?.text ?? '');
  // A branch of a repository, a variable, or something that pip refuses by itself.
  if (!range) return undefined;
  if (pin && !range.reaches(MINIMUM_PACKAGE)) return { path, finding: tooOld(each, pin) };
  if (isConstraint || requirement.isAddress) return undefined;
  const { version } = question.image;
  const bundled = version && bundledPackage(version);
  const kept =
    bundled === undefined ? OLD_BUNDLED.find(old => range.takes(old)) : isOld(bundled) && range.takes(bundled);
  return kept ? { path, finding: keepsBundled(each, question, bundled) } : undefined;
}

function tooOld(each: PackageRequirement, pin: TextRange & { readonly text: string }): Finding {
  const { requirement, isConstraint } = each;
  const message = isConstraint
    ? t(
        'This limit keeps {0} below {1}, the first version that exports logs to S3: no log reaches the bucket. {2}',
        LOGGING_PACKAGE,
        MINIMUM_PACKAGE,
        nextStep(requirement),
      )
    : t(
        '{0} can never be {1}, the first version of {2} that exports logs to S3: no log reaches the bucket. {3}',
        showValue(pin.text),
        MINIMUM_PACKAGE,
        LOGGING_PACKAGE,
        nextStep(requirement),
      );
  const fix = requireFix(each);
  return makeFinding('logging-package-too-old', { start: pin.start, end: pin.end }, message, fix ? { fix } : {});
}

function nextStep({ hasHash, isAddress }: Requirement): string {
  if (hasHash) return t('Require {0} and write its hash, since the one here fits the old version only.', WANTED);
  return isAddress ? t('Name the file of a newer version.') : t('Require {0}.', WANTED);
}

/** Writes the range that is wanted. Not over a hash, which fits one version, nor in a shell, where `>` means something else. */
function requireFix({ requirement, isEditable }: PackageRequirement): Fix | undefined {
  const { specifier, hasHash, isAddress, versionStart } = requirement;
  if (hasHash || isAddress || !isEditable) return undefined;
  const range = specifier ? { start: specifier.start, end: specifier.end } : { start: versionStart, end: versionStart };
  return { title: t('Require {0}', WANTED), edits: [{ range, newText: WANTED }] };
}

function keepsBundled(each: PackageRequirement, question: PackageQuestion, bundled: string | undefined): Finding {
  const { requirement } = each;
  const { specifier, nameRange } = requirement;
  const message =
    bundled === undefined
      ? [
          specifier
            ? t('{0} takes versions that are too old, too.', showValue(specifier.text))
            : t('Any version will do here.'),
          t('So pip keeps the one of the image, which may export no logs: {0} is needed.', MINIMUM_PACKAGE),
          nextStep(requirement),
          howToTell(question.image),
        ].join(' ')
      : t(
          'pip keeps the {0} {1} that Astro Runtime {2} bundles, since it fits. It exports no logs to S3; {3} does. {4}',
          LOGGING_PACKAGE,
          bundled,
          nameOfRuntime(question.image),
          MINIMUM_PACKAGE,
          nextStep(requirement),
        );
  const fix = requireFix(each);
  const range = specifier ? { start: specifier.start, end: specifier.end } : nameRange;
  return makeFinding('logging-package-missing', range, message, {
    severity: bundled === undefined ? 'warning' : 'error',
    ...(fix ? { fix } : {}),
  });
}

function judgeAbsence(question: PackageQuestion, excluded: PackageRequirement | undefined): ProjectFinding | undefined {
  const { image, place, unreadable, needsHashes } = question;
  const bundled = image.version && bundledPackage(image.version);
  if (bundled !== undefined && !isOld(bundled)) return undefined;
  const isKnown = bundled !== undefined && unreadable.length === 0;
  const cause =
    bundled === undefined
      ? t(
          '{0} {1} or newer exports the logs. Nothing here requires it, and which one this image has is not known.',
          LOGGING_PACKAGE,
          MINIMUM_PACKAGE,
        )
      : t(
          'Astro Runtime {0} bundles {1} {2}, which exports no logs to S3; {3} does. Nothing here requires it.',
          nameOfRuntime(image),
          LOGGING_PACKAGE,
          bundled,
          MINIMUM_PACKAGE,
        );
  const sentences = [cause];
  if (excluded) sentences.push(t('The requirement here never applies: its condition holds in none of the Pythons.'));
  if (unreadable.length > 0) sentences.push(t('Not read, and may require it: {0}.', unreadable.join(', ')));
  sentences.push(
    needsHashes
      ? t('Add {0}{1} with its hash to {2}.', LOGGING_PACKAGE, WANTED.replace('>=', '=='), place.name)
      : t('Add {0}{1} to {2}.', LOGGING_PACKAGE, WANTED, place.name),
  );
  if (bundled === undefined) sentences.push(howToTell(image));
  const isSafe = !needsHashes && !excluded && unreadable.length === 0;
  const marker = excluded?.requirement.marker;
  return {
    path: excluded?.path ?? place.path,
    finding: makeFinding(
      'logging-package-missing',
      marker ? { start: marker.start, end: marker.end } : place.range,
      sentences.join(' '),
      { severity: isKnown ? 'error' : 'warning', ...(isSafe && place.fix ? { fix: place.fix } : {}) },
    ),
  };
}

/** The command that answers what can't be told from the files. */
function howToTell({ reference }: ProjectImage): string {
  return t(
    'To see it, run: docker run --rm {0} pip freeze | grep {1}',
    reference === undefined ? t('<image>') : showValue(reference),
    LOGGING_PACKAGE,
  );
}

function nameOfRuntime({ version }: ProjectImage): string {
  return version ? printRuntime(version) : '';
}

function isOld(version: string): boolean {
  return OLD_BUNDLED.includes(version);
}
