/** Monaco in the colours of the workspace's theme, read from its CSS variables. */
import * as monaco from 'monaco-editor/editor';

const THEME = 'ved';

/** Monaco's colours and the JupyterLab variables that mean the same. */
const variables: Readonly<Record<string, string>> = {
  'editor.background': '--jp-layout-color0',
  'editorGutter.background': '--jp-layout-color0',
  'editor.foreground': '--jp-content-font-color1',
  'editorLineNumber.foreground': '--jp-ui-font-color3',
  'editorLineNumber.activeForeground': '--jp-ui-font-color1',
  'editorCursor.foreground': '--jp-editor-cursor-color',
  'editorWidget.background': '--jp-layout-color1',
  'editorWidget.border': '--jp-border-color1',
  'editorHoverWidget.background': '--jp-layout-color1',
  'editorHoverWidget.border': '--jp-border-color1',
  'editorSuggestWidget.background': '--jp-layout-color1',
  'editorSuggestWidget.border': '--jp-border-color1',
  'editorRuler.foreground': '--jp-border-color3',
  focusBorder: '--jp-brand-color1',
};

/** Uses the colours of the page's current theme. */
export function applyTheme(isLight: boolean): void {
  const style = getComputedStyle(document.body);
  const colors = Object.entries(variables).flatMap(([name, variable]) => {
    const hex = toHex(style.getPropertyValue(variable));
    return hex ? [[name, hex]] : [];
  });
  monaco.editor.defineTheme(THEME, {
    base: isLight ? 'vs' : 'vs-dark',
    inherit: true,
    rules: [],
    colors: Object.fromEntries(colors),
  });
  monaco.editor.setTheme(THEME);
}

/** Converts a CSS colour to Monaco's format; null for an unknown one. */
function toHex(color: string): string | null {
  const context = document.createElement('canvas').getContext('2d');
  if (!context || !CSS.supports('color', color.trim())) return null;
  context.fillStyle = color.trim();
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue, alpha].map((part) => part!.toString(16).padStart(2, '0')).join('')}`;
}
