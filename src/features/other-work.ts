/** Lets whatever waits be done first: a key that was pressed, above all, and activating. */
export function otherWork(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
