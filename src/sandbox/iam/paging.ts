import { validationError } from '../constraints';
import { members, type QueryParams } from '../query-service';
import { elements, type XmlElement, type XmlValue } from '../xml';

/** One page of a listing, as every `List…` of IAM answers. */
export function pageElements<T>(
  params: QueryParams,
  listName: string,
  items: Iterable<T>,
  nameOf: (item: T) => string,
  print: (item: T) => XmlValue,
): XmlElement[] {
  const { page, marker } = pageOf(params, items, nameOf);
  return elements({
    [listName]: members(page.map(print)),
    IsTruncated: marker !== undefined,
    Marker: marker,
  });
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html#API_ListRoles_RequestParameters */
export function pageOf<T>(
  params: QueryParams,
  items: Iterable<T>,
  nameOf: (item: T) => string,
): { readonly page: readonly T[]; readonly marker: string | undefined } {
  const after = readMarker(params.get('Marker'));
  const sorted = [...items]
    .map(item => ({ item, name: nameOf(item) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .filter(({ name }) => after === undefined || name > after);
  const page = sorted.slice(0, params.number('MaxItems') ?? 100);
  const last = page.at(-1);
  const marker = last && page.length < sorted.length ? writeMarker(last.name) : undefined;
  return { page: page.map(({ item }) => item), marker };
}

function writeMarker(name: string): string {
  return Buffer.from(`m:${name}`).toString('base64url');
}

function readMarker(marker: string | undefined): string | undefined {
  if (marker === undefined) return undefined;
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  if (!text.startsWith('m:')) throw validationError(`Invalid Marker: ${marker}`);
  return text.slice(2);
}
