/** The first fenced block of JavaScript or TypeScript in a Markdown text. */
export function firstExample(markdown: string): string {
  const found = /^```(?:js|ts|mjs|javascript|typescript)\r?\n([\s\S]*?)^```/m.exec(markdown)?.[1];
  if (found === undefined) throw new Error('the README holds no example');
  return found;
}
