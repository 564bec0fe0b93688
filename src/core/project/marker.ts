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

/** A comparison that can't be told, such as that of the machine. */
type Truth = boolean | undefined;

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
  return tokens !== undefined && pythons.every(python => new Evaluation(tokens, python).result() === false);
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
    else if (quote !== undefined) tokens.push({ kind: 'string', text: string ?? '' });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'name', text: name as string });
  }
  return tokens;
}

const DEEPEST = 50;

class Evaluation {
  private at = 0;
  private depth = 0;
  private isBroken = false;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly python: string,
  ) {}

  result(): Truth {
    const truth = this.or();
    return this.isBroken || this.at < this.tokens.length ? undefined : truth;
  }

  private or(): Truth {
    let truth = this.and();
    while (this.take('word', 'or')) {
      const other = this.and();
      truth = truth === true || other === true ? true : truth === false && other === false ? false : undefined;
    }
    return truth;
  }

  private and(): Truth {
    let truth = this.comparison();
    while (this.take('word', 'and')) {
      const other = this.comparison();
      truth = truth === false || other === false ? false : truth === true && other === true ? true : undefined;
    }
    return truth;
  }

  private comparison(): Truth {
    if (this.take('paren', '(')) {
      if (++this.depth > DEEPEST) return this.fail();
      const truth = this.or();
      return this.take('paren', ')') ? truth : this.fail();
    }
    const left = this.operand();
    const operator = this.operator();
    const right = this.operand();
    if (!left || !right || operator === undefined) return this.fail();
    const isVersion = left.isVersion || right.isVersion;
    if (left.value === undefined || right.value === undefined) return undefined;
    return isVersion
      ? compareVersions(left.value, operator, right.value)
      : compareTexts(left.value, operator, right.value);
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

  private operand(): { value: string | undefined; isVersion: boolean } | undefined {
    const token = this.tokens[this.at++];
    if (token?.kind === 'string') return { value: token.text, isVersion: false };
    if (token?.kind !== 'name') return undefined;
    if (token.text === 'python_version') return { value: this.python, isVersion: true };
    // Of the full version only the series is known; the patch doesn't matter where the series decides.
    if (token.text === 'python_full_version' || token.text === 'implementation_version') {
      return { value: `${this.python}.*`, isVersion: true };
    }
    return { value: VARIABLES[token.text], isVersion: false };
  }

  private take(kind: Token['kind'], text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.at++;
    return true;
  }

  private fail(): undefined {
    this.isBroken = true;
    this.at = this.tokens.length;
    return undefined;
  }
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** Compares Pythons, one of which may be known by its series only (`3.11.*`). */
function compareVersions(left: string, operator: string, right: string): Truth {
  if (operator === 'in' || operator === 'not in') {
    // A list of versions in one string: '3.8 3.9'
    if (left.endsWith('.*')) return undefined;
    return right.split(/[\s,|]+/).includes(left) === (operator === 'in');
  }
  if (!/^\d+(?:\.\d+)*(?:\.\*)?$/.test(left) || !/^\d+(?:\.\d+)*(?:\.\*)?$/.test(right)) return undefined;
  if (right.endsWith('.*') && !left.endsWith('.*') && operator in MIRRORED) {
    return compareVersions(right, MIRRORED[operator] as string, left);
  }
  const a = numbersOf(left);
  const b = numbersOf(right);
  const isOpen = left.endsWith('.*');
  const shared = Math.min(a.length, b.length);
  const order = compareNumbers(a.slice(0, isOpen ? shared : undefined), b.slice(0, isOpen ? shared : undefined));
  if (order === 0 && isOpen && b.length > a.length) return undefined;
  const startsSame = compareNumbers(a.slice(0, b.length), b) === 0;
  switch (operator) {
    case '==':
    case '===':
      return right.endsWith('.*') ? startsSame : isOpen && order === 0 ? undefined : order === 0;
    case '!=':
      return right.endsWith('.*') ? !startsSame : isOpen && order === 0 ? undefined : order !== 0;
    case '<':
      return isOpen && order === 0 ? undefined : order < 0;
    case '<=':
      return isOpen && order === 0 ? undefined : order <= 0;
    case '>':
      return isOpen && order === 0 ? undefined : order > 0;
    case '>=':
      return order >= 0;
    default:
      return compareNumbers(a, b) >= 0 && compareNumbers(a.slice(0, b.length - 1), b.slice(0, -1)) === 0;
  }
}

function numbersOf(version: string): number[] {
  return version.replace(/\.\*$/, '').split('.').map(Number);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareTexts(left: string, operator: string, right: string): Truth {
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
      return undefined;
  }
}
