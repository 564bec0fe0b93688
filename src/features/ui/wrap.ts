/** Breaks a text into rows of at most about `width` characters, since rows of a tree don't wrap. */
export function wrapText(text: string, width = 32): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const [first = '', ...others] = breakWord(word, width);
    if (row !== '' && row.length + 1 + first.length > width) {
      rows.push(row);
      row = first;
    } else {
      row = row === '' ? first : `${row} ${first}`;
    }
    for (const part of others) {
      rows.push(row);
      row = part;
    }
  }
  return row === '' ? rows : [...rows, row];
}

/** Parts of a long name, such as an ARN, cut behind the signs that join it. */
function breakWord(word: string, width: number): readonly string[] {
  const parts: string[] = [];
  let rest = word;
  while (rest.length > width) {
    const joint = Math.max(...['/', ':', '-', '.', '_'].map(sign => rest.lastIndexOf(sign, width - 1)));
    const end = joint > 0 ? joint + 1 : width;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}
