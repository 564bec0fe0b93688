import { ServiceError } from './service';

/** An element's content: text, or child elements; an array stands for one element after another. */
export type XmlValue = string | number | boolean | undefined | XmlElement | readonly XmlElement[];

export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: XmlValue;
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** One element. An element whose content is undefined isn't printed. */
export function element(name: string, content: XmlValue, attributes?: Readonly<Record<string, string>>): XmlElement {
  return attributes ? { name, content, attributes } : { name, content };
}

/** One element for each entry of an object, in its order. */
export function elements(entries: Readonly<Record<string, XmlValue>>): XmlElement[] {
  return Object.entries(entries).map(([name, content]) => element(name, content));
}

export function printXml(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  if (Array.isArray(value)) return value.map(printXml).join('');
  const { name, attributes, content } = value as XmlElement;
  if (content === undefined) return '';
  const attributeText = Object.entries(attributes ?? {})
    .map(([key, text]) => ` ${key}="${escapeXml(text)}"`)
    .join('');
  const inner = printXml(content);
  return inner === '' ? `<${name}${attributeText}/>` : `<${name}${attributeText}>${inner}</${name}>`;
}

/** A whole document, with S3's namespace unless told otherwise. */
export function xmlDocument(name: string, content: XmlValue, namespace = 'http://s3.amazonaws.com/doc/2006-03-01/') {
  return XML_DECLARATION + printXml(element(name, content, namespace === '' ? undefined : { xmlns: namespace }));
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters become references, as S3 prints them, though XML 1.0 forbids some. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]/g, char => {
    return ESCAPES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`;
  });
}

/** A parsed element: names without their namespace prefix. */
export interface XmlNode {
  readonly name: string;
  readonly children: readonly XmlNode[];
  /** The element's own text, with references resolved. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function malformed(): ServiceError {
  return new ServiceError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/y;

/** Parses a small document. Throws MalformedXML for what isn't one; document types are refused. */
function parseXml(source: string): XmlNode {
  interface OpenNode {
    name: string;
    rawName: string;
    children: XmlNode[];
    text: string;
    attributes: Record<string, string>;
  }
  const text = source.replace(/^\ufeff/, '');
  const root: OpenNode = { name: '', rawName: '', children: [], text: '', attributes: {} };
  const stack: OpenNode[] = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw malformed();
    const [, cdata, slash, rawName, attributeText, selfClosing, characters] = match;
    const top = stack.at(-1)!;
    if (cdata !== undefined) top.text += cdata;
    else if (characters !== undefined) top.text += unescapeXml(characters);
    else if (rawName !== undefined) {
      if (slash) {
        if (stack.length < 2 || top.rawName !== rawName) throw malformed();
        stack.pop();
        continue;
      }
      const node: OpenNode = {
        name: rawName.replace(/^.*:/, ''),
        rawName,
        children: [],
        text: '',
        attributes: parseAttributes(attributeText ?? ''),
      };
      top.children.push(node);
      if (!selfClosing) stack.push(node);
      if (stack.length > 100) throw malformed();
    }
  }
  if (stack.length !== 1 || root.children.length !== 1 || root.text.trim() !== '') throw malformed();
  return root.children[0]!;
}

function parseAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, double, single] of text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes[name!.replace(/^.*:/, '')] = unescapeXml(double ?? single ?? '');
  }
  return attributes;
}

const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/&([^;&\s]*);|&/g, (_all, name: string | undefined) => {
    const hex = name?.match(/^#x([0-9a-fA-F]{1,6})$/);
    const decimal = name?.match(/^#(\d{1,7})$/);
    const code = hex ? Number.parseInt(hex[1]!, 16) : decimal ? Number(decimal[1]) : undefined;
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    const plain = name === undefined ? undefined : REFERENCES[name];
    if (plain === undefined) throw malformed();
    return plain;
  });
}

/** The first child of that name. */
export function child(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find(one => one.name === name);
}

/** The text of the first child of that name. */
export function childText(node: XmlNode, name: string): string | undefined {
  return child(node, name)?.text;
}

/** Parses and checks the name of the document's element. */
export function parseXmlOf(source: string, name: string): XmlNode {
  const node = parseXml(source);
  if (node.name !== name) throw malformed();
  return node;
}

export { malformed as malformedXml };
