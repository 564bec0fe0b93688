import { t } from '@vscode/l10n';
import { AWS_REGIONS, knownRegion, partitionOfRegion } from '../../aws-names';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { editDistance } from '../../text/edit-distance';
import { showValue } from '../../text/show-value';
import type { ExportVariables } from '../export-variables';
import { hasReference, type JudgedValue } from '../judged-value';

const AREAS = ['north', 'south', 'east', 'west', 'central', 'northeast', 'northwest', 'southeast', 'southwest'];

/** `bad-region` and `unknown-region`. A region that is newer than the table of regions may be right. */
export function findBadRegions({ variables }: ExportVariables): Finding[] {
  return variables.flatMap(({ key, value }) => {
    if (key !== EXPORT_KEYS.region || !value || value.text === '' || knownRegion(value.text)) return [];
    if (hasReference(value.text)) return [];
    const hasForm = partitionOfRegion(value.text) !== undefined;
    const { certain, near } = hasForm ? correctName(value.text) : correctForm(value.text);
    const message = hasForm
      ? t(
          'No AWS region of this name is known. If there is none, every request to the bucket fails: {0}',
          showValue(value.text),
        )
      : t(
          'This is no AWS region, so boto3 refuses it and no log arrives. A region reads like us-east-1, not {0}',
          showValue(value.text),
        );
    return makeFinding(hasForm ? 'unknown-region' : 'bad-region', value.range, message, {
      ...(certain === undefined ? {} : { fix: setTo(value, certain) }),
      alternatives: near.filter(id => id !== certain).map(id => setTo(value, id)),
    });
  });
}

interface Correction {
  readonly certain?: string;
  readonly near: readonly string[];
}

/** Of the right form: only a direction that doesn't exist is surely a slip, another number may be a new region. */
function correctName(text: string): Correction {
  const near = nearRegions(text, 2);
  const area = text.split('-').at(-2) ?? '';
  return !AREAS.includes(area) && near.length === 1 ? { certain: near[0] as string, near } : { near };
}

function correctForm(text: string): Correction {
  const letters = text.toLowerCase().replace(/[^a-z0-9]+/g, '');
  const same = AWS_REGIONS.find(({ id }) => id.replaceAll('-', '') === letters);
  if (same) return { certain: same.id, near: [] };
  const zone = /^(.*-\d+)[a-z]$/.exec(text.toLowerCase())?.[1];
  if (zone !== undefined && knownRegion(zone)) return { certain: zone, near: [] };
  const named = AWS_REGIONS.find(({ name }) => isNameOf(text.toLowerCase(), name.toLowerCase()));
  if (named) return { certain: named.id, near: [] };
  return { near: nearRegions(text.toLowerCase(), 2) };
}

/** The whole name, or the city alone: Frankfurt for Europe (Frankfurt). */
function isNameOf(text: string, name: string): boolean {
  return text === name || (!text.includes('-') && text !== 'central' && name.endsWith(`(${text})`));
}

/** The known regions that are nearest to a text, nearest only, at most five. */
function nearRegions(text: string, limit: number): readonly string[] {
  if (text.length > 40) return [];
  const distances = AWS_REGIONS.map(({ id }) => ({ id, distance: editDistance(text, id, limit) }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  if (least > limit) return [];
  return distances.flatMap(({ id, distance }) => (distance === least ? [id] : [])).slice(0, 5);
}

function setTo(value: JudgedValue, region: string): Fix {
  return { title: t('Set to {0}', region), edits: [{ range: value.range, newText: region }] };
}
