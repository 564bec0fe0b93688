import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../finding';
import { makeFinding } from '../make-finding';
import type { ProjectImage } from './project-image';
import { isYanked, newestOfLine } from './runtime-facts';
import { meetsMinimum, printRuntime, type RuntimeVersion } from './runtime-version';

/** What a project's image means for the export; nothing of the package that it needs. */
export function judgeImage(image: ProjectImage): Finding[] {
  switch (image.product) {
    case 'agent': {
      const message = t(
        'This image runs the tasks of a Remote Execution Deployment, whose agents have settings of their own for task logs. Whether the export applies to them is not documented.',
      );
      return [makeFinding('remote-execution', image.imageRange, message)];
    }
    case 'certified': {
      const message = t(
        'Astronomer Certified came before Astro Runtime and has no export of logs to S3: no log reaches the bucket. Move to Astro Runtime 11.7.0 or newer.',
      );
      return [makeFinding('runtime-too-old', image.imageRange, message)];
    }
    default:
      return image.version ? judgeVersion(image, image.version) : [unknownRuntime(image)];
  }
}

function judgeVersion(image: ProjectImage, version: RuntimeVersion): Finding[] {
  const isRecent = meetsMinimum(version) ?? (image.isNewest === true || undefined);
  const findings: Finding[] = [];
  if (isRecent === undefined) findings.push(unknownRuntime(image));
  if (isRecent === false) {
    const message = t(
      'Astro Runtime {0} is older than 11.7.0, the first that exports task logs to S3: no log reaches the bucket. Move to 11.7.0 or newer.',
      printRuntime(version),
    );
    const alternatives = version.major === 11 ? setTo(image, '11.7.0') : [];
    findings.push(makeFinding('runtime-too-old', image.range, message, { alternatives }));
  }
  if (isYanked(version)) {
    const newest = newestOfLine(version);
    const message =
      newest === undefined
        ? t('Astronomer withdrew Astro Runtime {0} after its release. Move to a newer one.', printRuntime(version))
        : t(
            'Astronomer withdrew Astro Runtime {0} after its release. Move to a newer one, such as {1}.',
            printRuntime(version),
            newest,
          );
    const alternatives = newest === undefined ? [] : setTo(image, newest);
    findings.push(makeFinding('runtime-yanked', image.range, message, { alternatives }));
  }
  return findings;
}

/** Another Runtime is another set of packages, so nobody's image is moved unasked. */
function setTo({ versionRange }: ProjectImage, version: string): Fix[] {
  return versionRange ? [{ title: t('Set to {0}', version), edits: [{ range: versionRange, newText: version }] }] : [];
}

function unknownRuntime({ gap, range }: ProjectImage): Finding {
  return makeFinding('runtime-unknown', range, messageOf());

  function messageOf(): string {
    const need = t('The export needs Astro Runtime 11.7.0 or newer.');
    if (gap === 'variable') {
      return t('A variable without a default names the image, so its Runtime can’t be told here. {0}', need);
    }
    if (gap === 'unpinned') {
      return t('No Runtime is named, and no Airflow version that tells one (apache-airflow==3.3.*). {0}', need);
    }
    if (gap === 'name') {
      return t('This is no Astro Runtime by its name, so which one it was built on can’t be told here. {0}', need);
    }
    if (gap === 'digest') return t('A digest does not tell the Runtime’s version. {0}', need);
    if (gap === 'no-tag') return t('Without a tag the image is whatever “latest” was when it was built. {0}', need);
    return t('This tag does not tell which Runtime it is. {0}', need);
  }
}
