/** Inserts the lines that declare packages at the top of a text, below a byte order mark, shebang and encoding line. */
export function withBlock(text: string, block: string): string {
  const head = /^\ufeff?(?:#!.*(?:\n|$))?(?:#.*coding[:=].*(?:\n|$))?/.exec(text)![0];
  const lineEnd = /[^\n\ufeff]$/.test(head) ? '\n' : '';
  return `${head}${lineEnd}${block}\n\n${text.slice(head.length)}`;
}
