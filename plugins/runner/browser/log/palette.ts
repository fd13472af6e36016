/**
 * The colours of a style as CSS. The sixteen named ones follow the theme, for
 * legibility on its background; on a background that the script set they are the
 * usual terminal colours, so that white on blue stays white.
 */
import type { Style } from './sgr.ts';

/** xterm's sixteen colours. */
const SIXTEEN =
  '#000000 #cd0000 #00cd00 #cdcd00 #0000ee #cd00cd #00cdcd #e5e5e5 #7f7f7f #ff0000 #00ff00 #ffff00 #5c5cff #ff00ff #00ffff #ffffff'.split(
    ' ',
  );

/** Text and background of a style; undefined where the log's own apply. */
export function colorsOf({ foreground, background, inverse }: Style): { text: string | undefined; ground: string | undefined } {
  if (inverse) {
    return {
      text: background === undefined ? 'var(--jp-layout-color0)' : themed(background, 'text'),
      ground: foreground === undefined ? 'var(--jp-content-font-color0)' : themed(foreground, 'ground'),
    };
  }
  if (background === undefined) return { text: foreground === undefined ? undefined : themed(foreground, 'text'), ground: undefined };
  if (typeof background === 'number' && background < 16)
    return { text: foreground === undefined ? undefined : themed(foreground, 'text'), ground: themed(background, 'ground') };
  const ground = fixed(background);
  return { text: foreground === undefined ? legibleOn(ground) : fixed(foreground), ground };
}

/** A palette index as `#rrggbb` (xterm's sixteen, cube and greys). */
export function paletteColor(index: number): string {
  if (index < 16) return SIXTEEN[index]!;
  if (index >= 232) {
    const grey = (8 + (index - 232) * 10).toString(16).padStart(2, '0');
    return `#${grey}${grey}${grey}`;
  }
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40).toString(16).padStart(2, '0');
  const cube = index - 16;
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}

function themed(color: number | string, use: 'text' | 'ground'): string {
  return typeof color === 'number' && color < 16 ? `var(--ved-ansi-${use}-${color})` : fixed(color);
}

function fixed(color: number | string): string {
  return typeof color === 'string' ? color : paletteColor(color);
}

/** Black or white, whichever is easier to read: by luma (ITU-R BT.601). */
function legibleOn(ground: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16));
  return 0.299 * red! + 0.587 * green! + 0.114 * blue! > 140 ? '#000000' : '#ffffff';
}
