import type { PolicyDocument, PolicyPrincipal, PolicyStatement } from '../core/iam/policy';

/** Gives each `AWS` principal of a policy another name. The document itself stays as it is. */
export function renamePrincipals(document: PolicyDocument, rename: (name: string) => string): PolicyDocument {
  return { ...document, Statement: statementsOf(document).map(statement => renameIn(statement, rename)) };
}

/** The `AWS` principals that a policy names, in their order. */
export function awsPrincipals(document: PolicyDocument): string[] {
  const names: string[] = [];
  renamePrincipals(document, name => {
    names.push(name);
    return name;
  });
  return names;
}

export function statementsOf({ Statement }: PolicyDocument): readonly PolicyStatement[] {
  return (Array.isArray(Statement) ? Statement : [Statement]) as readonly PolicyStatement[];
}

function renameIn(statement: PolicyStatement, rename: (name: string) => string): PolicyStatement {
  const { Principal, NotPrincipal } = statement;
  return {
    ...statement,
    ...(Principal !== undefined && { Principal: renameAws(Principal, rename) }),
    ...(NotPrincipal !== undefined && { NotPrincipal: renameAws(NotPrincipal, rename) }),
  };
}

function renameAws(principal: PolicyPrincipal, rename: (name: string) => string): PolicyPrincipal {
  if (principal === '*' || principal.AWS === undefined) return principal;
  const { AWS } = principal;
  return { ...principal, AWS: typeof AWS === 'string' ? rename(AWS) : AWS.map(rename) };
}
