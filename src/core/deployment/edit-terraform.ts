import { t } from '@vscode/l10n';
import { ExportError } from '../export-error';
import type { TextEdit, TextRange } from '../text/text-range';
import type { PushedVariable } from './push-plan';

/** Whether a Terraform file manages Deployments of Astro. */
export function managesDeployments(text: string): boolean {
  return /^\s*resource\s+"astro_deployment"\s+"/m.test(blankComments(text));
}

/**
 * The edits that set variables in the only `astro_deployment` of a Terraform file, in its list `environment_variables`.
 * https://registry.terraform.io/providers/astronomer/astro/latest/docs/resources/deployment
 * Throws an {@link ExportError} `bad-settings` where there are several, or the list isn't written out.
 */
export function editTerraform(text: string, variables: readonly Pick<PushedVariable, 'key' | 'after'>[]): TextEdit[] {
  const code = blankComments(text);
  const resources = [...code.matchAll(/^[ \t]*resource\s+"astro_deployment"\s+"[^"]*"\s*\{/gm)];
  const [resource] = resources;
  if (!resource || resources.length > 1) throw notEditable();
  const body = enclosed(code, resource.index + resource[0].length - 1);
  const attribute = body && /^[ \t]*environment_variables[ \t]*=[ \t]*\[/m.exec(code.slice(body.start, body.end));
  if (!body || !attribute) throw notEditable();
  const list = enclosed(code, body.start + attribute.index + attribute[0].length - 1);
  if (!list) throw notEditable();
  const edits: TextEdit[] = [];
  const added: string[] = [];
  const objects = objectsOf(code, list);
  for (const { key, after } of variables) {
    const object = objects.find(({ start, end }) => new RegExp(`\\bkey\\s*=\\s*"${key}"`).test(code.slice(start, end)));
    if (!object) {
      added.push(`{ key = ${quote(key)}, value = ${quote(after)}, is_secret = false }`);
      continue;
    }
    const value = /\bvalue(\s*=\s*)("(?:[^"\\\n]|\\.)*")/.exec(code.slice(object.start, object.end));
    // A reference to a variable or a secret is somebody else's to change.
    if (!value) throw notEditable();
    const start = object.start + value.index + 'value'.length + (value[1] as string).length;
    edits.push({ range: { start, end: start + (value[2] as string).length }, newText: quote(after) });
  }
  if (added.length > 0) edits.push(insertion(text, code, list, objects, added));
  return edits;
}

function insertion(
  text: string,
  code: string,
  list: TextRange,
  objects: readonly TextRange[],
  added: readonly string[],
): TextEdit {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const last = objects.at(-1);
  const closing = text.slice(text.lastIndexOf('\n', list.end) + 1, list.end);
  const outer = /^[ \t]*/.exec(closing)?.[0] ?? '';
  if (!last) {
    const lines = added.map(each => `${eol}${outer}  ${each},`).join('');
    return {
      range: { start: list.start, end: list.start },
      newText:
        code.slice(list.start, list.end).trim() === '' && !text.slice(list.start, list.end).includes('\n')
          ? `${lines}${eol}${outer}`
          : lines,
    };
  }
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', last.start - 1) + 1))?.[0] ?? '';
  const comma = /^\s*,/.exec(code.slice(last.end + 1, list.end));
  const at = last.end + 1 + (comma?.[0].length ?? 0);
  return {
    range: { start: at, end: at },
    newText: `${comma ? '' : ','}${added.map(each => `${eol}${indent}${each},`).join('')}`,
  };
}

/** The insides of the objects of a list. */
function objectsOf(code: string, list: TextRange): TextRange[] {
  const objects: TextRange[] = [];
  for (let at = code.indexOf('{', list.start); at >= 0 && at < list.end; ) {
    const object = enclosed(code, at);
    if (!object) break;
    objects.push(object);
    at = code.indexOf('{', object.end);
  }
  return objects;
}

/** The text between the bracket at an offset and the one that closes it; undefined where none does. */
function enclosed(code: string, open: number): TextRange | undefined {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    const char = code[i] as string;
    if (char === '"') i = endOfString(code, i);
    else if ('{['.includes(char)) depth++;
    else if ('}]'.includes(char) && --depth === 0) return { start: open + 1, end: i };
  }
  return undefined;
}

/** The closing quote of a string; a template's `${…}` may hold strings of its own. */
function endOfString(code: string, open: number): number {
  let depth = 0;
  for (let i = open + 1; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code.startsWith('${', i)) depth++;
    else if (code[i] === '}' && depth > 0) depth--;
    else if (code[i] === '"' && depth === 0) return i;
  }
  return code.length;
}

/** The text with its comments blanked, so that offsets stay. */
function blankComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//g, found =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
}

/** As HCL writes strings: `${` would begin a template. */
function quote(value: string): string {
  return JSON.stringify(value).replace(/([$%])\{/g, '$1$1{');
}

function notEditable(): ExportError {
  return new ExportError(
    'bad-settings',
    t('The Terraform file’s environment_variables are written in a way that can not be edited safely.'),
    t('Set the variables in the file by hand, then run "terraform apply".'),
  );
}
