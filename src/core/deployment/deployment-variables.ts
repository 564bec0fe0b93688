import { assignKeys, type ExportVariable, type ExportVariables, isValueOf } from '../env/export-variables';
import { judgeText } from '../env/judged-value';
import { readKey } from '../env/key-reading';
import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import type { TextEdit, TextRange } from '../text/text-range';
import type { DeploymentFile, DeploymentScalar, DeploymentVariable } from './deployment-file';
import { quote, VirtualText } from './virtual-text';

/** A variable of the export in a deployment file. */
export interface DeploymentExportVariable extends ExportVariable {
  readonly variable: DeploymentVariable;
  readonly numberRange: TextRange | undefined;
}

export interface DeploymentExportVariables extends ExportVariables {
  readonly variables: readonly DeploymentExportVariable[];
  /** The coordinates of all that stands here, and the way from them to the file. */
  readonly virtual: VirtualText;
}

const KEYS: ReadonlySet<string> = new Set(Object.values(EXPORT_KEYS));

/** The export's variables of a deployment file, as the rules judge them. */
export function findDeploymentVariables(text: string, file: DeploymentFile): DeploymentExportVariables {
  const virtual = new VirtualText();
  // Where the YAML is broken, an entry may be part of what it isn't meant to be part of: nothing is added or taken out.
  const isBroken = file.problems.some(({ kind }) => kind === 'syntax');
  const found = file.variables.flatMap(each => {
    const variable = isBroken ? { ...each, place: undefined } : each;
    return readVariable(text, variable, virtual) ?? [];
  });
  const setKeys = assignKeys(found).set;
  const variables = found.map(each => {
    const isOurs = isValueOf(each, key => setKeys.has(key));
    return { ...each, ...judge(each, isOurs, virtual) };
  });
  const last = variables.findLast(({ variable }) => variable.place !== undefined)?.variable;
  const addition = (key: ExportKey, value: string) =>
    virtual.structural(last && additionBehind(text, last, key, value));
  return { variables, ...assignKeys(variables), addition, virtual };
}

type FoundVariable = Omit<DeploymentExportVariable, 'value' | 'emptyRange'>;

function readVariable(text: string, variable: DeploymentVariable, virtual: VirtualText): FoundVariable | undefined {
  const written = variable.key.sent ?? '';
  const reading = readKey(written);
  if (!reading) return undefined;
  const whole = virtual.add(written, variable.key, variable.key.range);
  const nameRange = { start: whole.start + reading.numberLength, end: whole.end };
  return {
    ...reading,
    variable,
    name: written.slice(reading.numberLength),
    nameRange,
    numberRange: reading.numberLength > 0 ? { start: whole.start, end: nameRange.start } : undefined,
    isSet: KEYS.has(written),
    removal: virtual.structural(removalOf(text, variable)),
  };
}

/** The value; none of a secret that the file does not tell. */
function judge(
  { key, variable }: FoundVariable,
  isOurs: boolean,
  virtual: VirtualText,
): Pick<ExportVariable, 'value' | 'emptyRange'> {
  const none = { value: undefined, emptyRange: undefined };
  const { value, isSecret } = variable;
  const text = value === undefined ? '' : sentText(value);
  const isUnknown = value?.kind === 'unreadable' || (text === '' && isSecret);
  if (key === undefined || !isOurs || isUnknown) return none;
  const scalar = value ?? { ...variable.key, canReplace: false };
  const place = virtual.add(text, scalar, variable.key.range);
  if (text === '') return { value: undefined, emptyRange: place };
  const inText = ({ start, end }: TextRange) => ({ start: place.start + start, end: place.start + end });
  return { value: judgeText(text, key, inText), emptyRange: undefined };
}

/** What is sent, without the line ends of a block, which are told apart. */
export function sentText({ sent }: DeploymentScalar): string {
  return (sent ?? '').replace(/\n+$/, '');
}

/** One more entry behind one that is there, written in the same way. */
function additionBehind(text: string, { place }: DeploymentVariable, key: string, value: string): TextEdit | undefined {
  if (!place) return undefined;
  if (place.isInline) {
    const at = { start: place.range.end, end: place.range.end };
    return { range: at, newText: `, {"is_secret": false, "key": ${quote(key)}, "value": ${quote(value)}}` };
  }
  const dash = dashBefore(text, place.range.start);
  if (dash === undefined) return undefined;
  const end = lineEndAfter(text, place.range.end);
  const terminator = /^(?:\r\n?|\n)/.exec(text.slice(end))?.[0];
  const eol = terminator ?? (text.includes('\r\n') ? '\r\n' : '\n');
  const fields = [`is_secret: false`, `key: ${key}`, `value: ${quote(value)}`];
  const entry = fields.map((field, i) => `${dash}${i === 0 ? '- ' : '  '}${field}`).join(eol);
  return { range: { start: end, end }, newText: eol + entry };
}

/** Takes a whole entry out, with its lines. */
function removalOf(text: string, { place }: DeploymentVariable): TextEdit | undefined {
  if (!place || place.isInline) return undefined;
  const dash = dashBefore(text, place.range.start);
  if (dash === undefined) return undefined;
  const start = lineStartBefore(text, place.range.start);
  const end = lineEndAfter(text, place.range.end);
  const next = end + (/^(?:\r\n?|\n)/.exec(text.slice(end, end + 2))?.[0].length ?? 0);
  return { range: { start, end: next }, newText: '' };
}

/** The indentation of the entry's `-`; undefined where something else stands before it in its line. */
function dashBefore(text: string, start: number): string | undefined {
  return /^([ ]*)-[ \t]+$/.exec(text.slice(lineStartBefore(text, start), start))?.[1];
}

function lineStartBefore(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

function lineEndAfter(text: string, offset: number): number {
  const end = text.slice(offset).search(/[\r\n]/);
  return end < 0 ? text.length : offset + end;
}
