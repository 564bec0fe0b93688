import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PolicyDocument, PolicyStatement } from '../core/iam/policy';

/**
 * The roles that the trust policies in a folder (`*trust*.json`) let assume the export's role: the Deployments' own.
 * A file that isn't a policy, and principals other than one role, say nothing.
 */
export async function trustedRoles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const roles = new Set<string>();
  for (const name of names.filter(name => /trust.*\.json$/i.test(name))) {
    for (const arn of await rolesOfTrust(path.join(folder, name))) roles.add(arn);
  }
  return [...roles];
}

async function rolesOfTrust(file: string): Promise<string[]> {
  try {
    const text = await readFile(file, 'utf8');
    const document = JSON.parse(text.replace(/^\uFEFF/, '')) as PolicyDocument;
    return listOf(document.Statement).flatMap(rolesOfStatement);
  } catch {
    return [];
  }
}

function rolesOfStatement(statement: PolicyStatement): string[] {
  const principal = statement.Principal;
  if (statement.Effect !== 'Allow' || typeof principal !== 'object' || principal === null) return [];
  const mayAssume = listOf(statement.Action).some(action => /^(sts:AssumeRole|sts:\*|\*)$/i.test(String(action)));
  if (!mayAssume) return [];
  return listOf(principal.AWS).filter(
    arn => typeof arn === 'string' && /^arn:[\w-]+:iam::\d{12}:role\/[^*]+$/.test(arn),
  );
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}
