/**
 * A member that an object of a JSON text has twice, if `counts` says so of its name.
 *
 * @param text valid JSON
 */
export function duplicateKey(text: string, counts: (key: string) => boolean): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [written, colon] = match;
    if (written === '{') open.push(new Set());
    else if (written === '[') open.push(undefined);
    else if (written === '}' || written === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(written.slice(0, -colon.length)) as string;
      const members = open.at(-1);
      if (members === undefined || !counts(key)) continue;
      if (members.has(key)) return key;
      members.add(key);
    }
  }
  return undefined;
}
