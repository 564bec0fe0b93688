import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { TextRange } from '../../text/text-range';
import type { DeploymentFile, DeploymentProblem } from '../deployment-file';
import { type DeploymentExportVariable, type DeploymentExportVariables, sentText } from '../deployment-variables';

/** What the CLI refuses the file for, and fields that count otherwise than it looks. */
export function findProblems(text: string, file: DeploymentFile, all: DeploymentExportVariables): Finding[] {
  const isSyntax = ({ kind }: DeploymentProblem) => kind === 'syntax';
  // One fault of the syntax brings others behind it, and types that nobody wrote.
  const first = file.problems.find(isSyntax);
  const isRefused = ({ kind }: DeploymentProblem) => kind === 'type' || kind === 'no-key';
  const problems = file.problems.filter(each => each === first || !(isSyntax(each) || (first && isRefused(each))));
  return problems.flatMap(problem => {
    switch (problem.kind) {
      case 'syntax': {
        const message = t(
          'The Astro CLI refuses the whole file here, so none of its variables is set. {0}',
          problem.detail.endsWith('.') ? problem.detail : `${problem.detail}.`,
        );
        return makeFinding('file-rejected', problem.range, message);
      }
      case 'type':
        return rejectedType(text, problem);
      case 'no-key':
        return makeFinding(
          'file-rejected',
          problem.range,
          t(
            'The Astro CLI refuses the whole file here, so none of its variables is set. {0}',
            t('This entry has no key.'),
          ),
        );
      case 'repeated-field':
        return repeatedField(problem, all);
      default: {
        const message = t('The Astro CLI reads the first document of a file only: these variables are not set.');
        return makeFinding('loader-divergence', problem.range, message);
      }
    }
  });
}

function rejectedType(text: string, { range, detail }: DeploymentProblem): Finding {
  const fix = detail === 'is_secret' ? unquoteBoolean(text, range) : undefined;
  return makeFinding('file-rejected', range, messageOf(), fix ? { fix } : {});

  function messageOf(): string {
    const effect = t('The Astro CLI refuses the whole file here, so none of its variables is set.');
    if (detail === 'environment_variables')
      return t('{0} Each variable is an entry: - key: NAME, then value: …', effect);
    if (detail === 'is_secret') return t('{0} is_secret is true or false, without quotes.', effect);
    return t('{0} The {1} has to be a text: put it in quotes.', effect, detail);
  }
}

function unquoteBoolean(text: string, range: TextRange): Fix | undefined {
  const word = /^(["'])(true|false)\1$/.exec(text.slice(range.start, range.end))?.[2];
  return word === undefined ? undefined : { title: t('Write {0}', word), edits: [{ range, newText: word }] };
}

function repeatedField({ range, detail }: DeploymentProblem, { variables }: DeploymentExportVariables): Finding[] {
  const isOurs = variables.some(({ variable: { place } }) => place && contains(place.range, range));
  if (detail === 'environment_variables') {
    const message = t('The list stands twice, and the Astro CLI takes the other one: these variables are not set.');
    return [makeFinding('duplicate-key', range, message)];
  }
  if (!isOurs) return [];
  const message = t(
    '{0} stands twice in one entry. The Astro CLI takes the other one, so this one has no effect.',
    detail,
  );
  return [makeFinding('duplicate-key', range, message)];
}

function contains(outer: TextRange, inner: TextRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Two entries of the same key, which are both sent. */
export function findDuplicateEntries(all: DeploymentExportVariables): Finding[] {
  const firsts = new Map<string, DeploymentExportVariable>();
  return all.variables.flatMap(each => {
    if (!each.isSet) return [];
    const first = firsts.get(each.name);
    if (!first) {
      firsts.set(each.name, each);
      return [];
    }
    const message = t('This variable stands twice. Both entries are sent, and which one Astro keeps is not known.');
    const remove = { title: t('Remove this entry'), edits: [each.removal] };
    const isSame = sentBy(first) !== undefined && sentBy(first) === sentBy(each) && isSecret(first) === isSecret(each);
    const finding = makeFinding('duplicate-key', each.nameRange, message, {
      related: [{ range: first.nameRange, message: t('The variable is set here already.') }],
      ...(isSame ? { fix: remove } : { alternatives: [remove] }),
    });
    return all.virtual.toFile(finding);
  });
}

function sentBy({ variable: { value } }: DeploymentExportVariable): string | undefined {
  return value && sentText(value);
}

function isSecret({ variable }: DeploymentExportVariable): boolean {
  return variable.isSecret;
}
