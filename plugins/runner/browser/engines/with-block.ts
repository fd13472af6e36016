/** Puts the lines that ask for packages into a text: above all but what Python and the system read at the very top. */
export function withBlock(text: string, block: string): string {
  const head = /^\ufeff?(?:#!.*(?:\n|$))?(?:#.*coding[:=].*(?:\n|$))?/.exec(text)![0];
  const lineEnd = /[^\n\ufeff]$/.test(head) ? '\n' : '';
  return `${head}${lineEnd}${block}\n\n${text.slice(head.length)}`;
}
