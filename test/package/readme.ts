/** The fenced blocks of JavaScript or TypeScript in a Markdown text, in order. */
export function examplesIn(markdown: string): readonly string[] {
  const blocks = markdown.matchAll(/^```(?:js|ts|mjs|javascript|typescript)\r?\n([\s\S]*?)^```/gm);
  const found = [...blocks].map(([, code]) => code!);
  if (found.length === 0) throw new Error('the README holds no example');
  return found;
}
