/** Test data to and from a file of the person's computer. */

/** The server takes no more. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/** Lets the person choose a file; null when they choose none. Throws for a file that is too large or no text. */
export async function pickFile(): Promise<string | null> {
  const input = document.createElement('input');
  input.type = 'file';
  const file = await new Promise<File | null>((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
  if (!file) return null;
  if (file.size > LIMIT_BYTES) throw new Error(`${file.name} is larger than 16 MiB, the most that test data may be.`);
  return readText(file);
}

async function readText(file: File): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch (cause) {
    throw new Error(`${file.name} is not text in UTF-8.`, { cause });
  }
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
