import type { ExportKey } from '../export-settings';
import type { TextEdit, TextRange } from '../text/text-range';
import type { JudgedValue } from './judged-value';
import type { KeyReading } from './key-reading';

/** A variable of the export as the rules judge it, or one that was meant to be one, whatever kind of file sets it. */
export interface ExportVariable extends KeyReading {
  /** As written, without a copied line number. */
  readonly name: string;
  readonly nameRange: TextRange;
  /** Whether the file sets the key as it stands. */
  readonly isSet: boolean;
  /** The value, where it is the key's: not where the name only resembles a key that is set elsewhere. */
  readonly value: JudgedValue | undefined;
  /** Where the variable is set to nothing: the place that shows it. Undefined where it has a value, or none of the key's. */
  readonly emptyRange: TextRange | undefined;
  /** Takes the variable out of the file. */
  readonly removal: TextEdit;
}

/** What the rules know of the export's variables in a file. */
export interface ExportVariables {
  readonly variables: readonly ExportVariable[];
  /** The variable that sets a key; the last of several. */
  readonly set: ReadonlyMap<ExportKey, ExportVariable>;
  /** For a key that isn't set: the first variable that becomes the key when its name is put right. */
  readonly claims: ReadonlyMap<ExportKey, ExportVariable>;
  /** Adds a variable behind the last of the export's. */
  addition(key: ExportKey, value: string): TextEdit;
}

type Named = Pick<ExportVariable, 'key' | 'isCertain' | 'isSet' | 'nearMiss'>;

/** Which variables set a key, and which one would. */
export function assignKeys<V extends Named>(
  variables: readonly V[],
): { set: Map<ExportKey, V>; claims: Map<ExportKey, V> } {
  const set = new Map<ExportKey, V>();
  for (const each of variables) if (each.key !== undefined && each.isSet) set.set(each.key, each);
  const claims = new Map<ExportKey, V>();
  for (const each of variables) {
    if (each.key === undefined || each.isSet) continue;
    if (each.isCertain && !set.has(each.key) && !claims.has(each.key)) claims.set(each.key, each);
  }
  return { set, claims };
}

/** Whether a value is the key's: the name is right, or can be put right without making a duplicate. */
export function isValueOf({ key, nearMiss, isCertain }: Named, isKeySet: (key: ExportKey) => boolean): boolean {
  return key !== undefined && (nearMiss === undefined || (isCertain && !isKeySet(key)));
}
