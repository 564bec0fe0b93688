/** Where a project's requirements are installed: Linux and CPython, in a Python that may not be known. */
export interface MarkerEnvironment {
  /** `3.11`; all that may be used, where it isn't known which. */
  readonly pythons: readonly string[];
}

/** The Pythons that Astro Runtimes have come with since the export exists. */
export const ALL_PYTHONS: readonly string[] = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];

const VARIABLES: Readonly<Record<string, string>> = {
  os_name: 'posix',
  'os.name': 'posix',
  sys_platform: 'linux',
  'sys.platform': 'linux',
  platform_system: 'Linux',
  platform_python_implementation: 'CPython',
  implementation_name: 'cpython',
  extra: '',
};

const FULL_VERSIONS = ['python_full_version', 'implementation_version'];

/** Of a full version only the series is known, so that it lies between two. */
interface PythonVersion {
  readonly lowest: readonly number[];
  readonly highest: readonly number[];
}

/** A text, or the Python; neither for a variable that isn't known here. */
interface Operand {
  readonly text: string | undefined;
  readonly python?: PythonVersion;
}

const TOKEN = /\s*(?:([()])|(===|==|~=|!=|<=|>=|<|>)|(['"])(.*?)\3|(and|or|not|in)(?![\w.])|([A-Za-z_][\w.]*))/y;

interface Token {
  readonly kind: 'paren' | 'operator' | 'string' | 'word' | 'name';
  readonly text: string;
}

/**
 * Whether a requirement's marker excludes it in every Python that may be used. A marker that can't be read or told
 * excludes nothing. https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
export function neverApplies(marker: string, { pythons }: MarkerEnvironment): boolean {
  const tokens = tokenize(marker);
  return tokens !== undefined && pythons.every(python => !new Evaluation(tokens, python).mayHold());
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const [, paren, operator, quote, string, word, name] = match;
    if (paren !== undefined) tokens.push({ kind: 'paren', text: paren });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (quote !== undefined) tokens.push({ kind: 'string', text: string as string });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'name', text: name as string });
  }
  return tokens;
}

const DEEPEST = 50;

/** Whether a marker may hold. What can't be told, such as a comparison of the machine, may; so may one that can't be read. */
class Evaluation {
  private at = 0;
  private depth = 0;
  private isBroken = false;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly python: string,
  ) {}

  mayHold(): boolean {
    const may = this.or();
    return this.isBroken || this.at < this.tokens.length || may;
  }

  private or(): boolean {
    let may = this.and();
    while (this.take('word', 'or')) may = this.and() || may;
    return may;
  }

  private and(): boolean {
    let may = this.comparison();
    while (this.take('word', 'and')) may = this.comparison() && may;
    return may;
  }

  private comparison(): boolean {
    if (this.take('paren', '(')) {
      if (++this.depth > DEEPEST) return this.fail();
      const may = this.or();
      return this.take('paren', ')') ? may : this.fail();
    }
    const left = this.operand();
    const operator = this.operator();
    const right = this.operand();
    if (!left || !right || operator === undefined) return this.fail();
    if (left.python) return mayCompare(left.python, operator, right.text);
    if (right.python) return mayCompare(right.python, MIRRORED[operator] ?? operator, left.text);
    return left.text === undefined || right.text === undefined || compareTexts(left.text, operator, right.text);
  }

  private operator(): string | undefined {
    const token = this.tokens[this.at];
    if (token?.kind === 'operator') {
      this.at++;
      return token.text;
    }
    if (this.take('word', 'in')) return 'in';
    return this.take('word', 'not') && this.take('word', 'in') ? 'not in' : undefined;
  }

  private operand(): Operand | undefined {
    const token = this.tokens[this.at++];
    if (token?.kind === 'string') return { text: token.text };
    if (token?.kind !== 'name') return undefined;
    const series = this.python.split('.').map(Number);
    if (token.text === 'python_version') return { text: undefined, python: { lowest: series, highest: series } };
    if (FULL_VERSIONS.includes(token.text)) {
      return { text: undefined, python: { lowest: [...series, 0], highest: [...series, Number.POSITIVE_INFINITY] } };
    }
    return { text: VARIABLES[token.text] };
  }

  private take(kind: Token['kind'], text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.at++;
    return true;
  }

  private fail(): boolean {
    this.isBroken = true;
    this.at = this.tokens.length;
    return true;
  }
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
const VERSION = /^\d+(?:\.\d+)*$/;

/** Whether some Python that it may be compares so. */
function mayCompare({ lowest, highest }: PythonVersion, operator: string, text: string | undefined): boolean {
  if (text === undefined) return true;
  if (operator === 'in' || operator === 'not in') {
    // A list of versions in one string: '3.8 3.9'
    const isExact = lowest === highest;
    return !isExact || text.split(/[\s,|]/).includes(lowest.join('.')) === (operator === 'in');
  }
  const isPrefix = text.endsWith('.*');
  const version = isPrefix ? text.slice(0, -2) : text;
  if (!VERSION.test(version)) return true;
  const wanted = version.split('.').map(Number);
  const compare = (numbers: readonly number[]) =>
    compareNumbers(isPrefix ? numbers.slice(0, wanted.length) : numbers, wanted);
  const [toLowest, toHighest] = [compare(lowest), compare(highest)];
  switch (operator) {
    case '==':
    case '===':
      return toLowest <= 0 && toHighest >= 0;
    case '!=':
      return toHighest !== 0;
    case '<':
      return toLowest < 0;
    case '<=':
      return toLowest <= 0;
    case '>':
      return toHighest > 0;
    case '>=':
      return toHighest >= 0;
    default: {
      const series = wanted.slice(0, -1);
      return toHighest >= 0 && compareNumbers(lowest.slice(0, series.length), series) <= 0;
    }
  }
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareTexts(left: string, operator: string, right: string): boolean {
  switch (operator) {
    case '==':
    case '===':
      return left === right;
    case '!=':
      return left !== right;
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    default:
      return true;
  }
}
