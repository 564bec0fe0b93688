import { t } from '@vscode/l10n';
import { findBucketNameProblem, parseRoleArn } from '../aws-names';
import { kindOf } from '../lint/file-kind';
import { folderDistance, folderOf, nameOf, type SourceFile } from '../lint/source-file';
import type { SourceFiles } from '../lint/source-files';
import { folderSegment } from '../project/project-name';
import type { KnownValues, NamedValue } from './completion';

const S3_ARN = /arn:aws[\w-]*:s3:::([^\s"'/*?${}]+)(?:\/([^\s"'*?${}]*))?/g;
const ROLE_ARN = /arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+/g;
const OIDC_PROVIDER = /arn:(aws[\w-]*):iam::(\d{12}):oidc-provider\//g;
const TRUST_ACTION = /"sts:AssumeRole/;

/**
 * The folders and roles that the other files name: policies also where they can't be parsed, nearest files first.
 * A policy on a whole bucket leaves the folder open; then one with the project's name is proposed.
 */
export function knownValues(files: SourceFiles, path: string): KnownValues {
  const others = files.all
    .filter(file => file.path !== path)
    .sort((a, b) => folderDistance(a.path, path) - folderDistance(b.path, path));
  const policies = others.filter(file => kindOf(file) === 'policy');
  const [trusts, resources] = [
    policies.filter(({ text }) => TRUST_ACTION.test(text)),
    policies.filter(({ text }) => !TRUST_ACTION.test(text)),
  ];
  return {
    folders: distinct(resources.flatMap(policy => foldersOf(policy, nameOf(folderOf(path))))),
    roles: distinct([
      ...rolesOfExports(files, path),
      ...resources.flatMap(({ path, text }) =>
        matches(text, ROLE_ARN).map(([arn]) => ({ value: arn, detail: nameOf(path) })),
      ),
      ...trusts.flatMap(rolesOfTrust),
    ]),
  };
}

function foldersOf({ path, text }: SourceFile, project: string): NamedValue[] {
  const detail = nameOf(path);
  const named = matches(text, S3_ARN).map(([, bucket = '', folder = '']) => ({
    bucket,
    folder: folder.replace(/^\/+|\/+$/g, ''),
  }));
  return named
    .filter(({ bucket }) => !findBucketNameProblem(bucket))
    .flatMap(({ bucket, folder }) => {
      if (folder !== '') return { value: `s3://${bucket}/${folder}`, detail };
      const hasFolder = named.some(each => each.bucket === bucket && each.folder !== '');
      return hasFolder ? [] : { value: `s3://${bucket}/logs/${folderSegment(project)}`, detail };
    });
}

/** Roles of the other exports, nearest first. */
function rolesOfExports(files: SourceFiles, path: string): NamedValue[] {
  return files.exports
    .filter(({ file, settings }) => file !== path && !('problem' in parseRoleArn(settings.roleArn ?? '')))
    .sort((a, b) => folderDistance(a.file, path) - folderDistance(b.file, path))
    .map(({ file, settings }) => ({ value: settings.roleArn ?? '', detail: nameOf(file) }));
}

/** A trust policy doesn't name its own role. Its provider's account is the role's, and whom it lets in is another role. */
function rolesOfTrust({ path, text }: SourceFile): NamedValue[] {
  const name = nameOf(path);
  return [
    ...matches(text, OIDC_PROVIDER).map(([, partition = '', account = '']) => ({
      value: `arn:${partition}:iam::${account}:role/`,
      detail: t('the account in {0}', name),
    })),
    ...matches(text, ROLE_ARN).map(([arn]) => ({
      value: arn,
      detail: t('let in by {0}: mostly the Deployment itself', name),
    })),
  ];
}

function matches(text: string, pattern: RegExp): RegExpExecArray[] {
  return [...text.matchAll(pattern)];
}

function distinct(values: readonly NamedValue[]): NamedValue[] {
  return [...new Map(values.map(each => [each.value, each] as const).reverse()).values()].reverse();
}
