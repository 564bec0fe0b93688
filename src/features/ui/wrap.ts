/** Breaks a text into rows of about `width` characters, since rows of a tree don't wrap. Long words stay whole. */
export function wrapText(text: string, width = 36): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (row !== '' && row.length + 1 + word.length > width) {
      rows.push(row);
      row = word;
    } else {
      row = row === '' ? word : `${row} ${word}`;
    }
  }
  return row === '' ? rows : [...rows, row];
}
