/** The editor settings of a person. */
import type { SettingsSchema } from '@ved/core/browser';

export interface EditorSettings {
  readonly fontSize: number;
  /** Empty for the workspace's code font. */
  readonly fontFamily: string;
  readonly tabSize: number;
  readonly insertSpaces: boolean;
  readonly wordWrap: boolean;
  readonly minimap: boolean;
  readonly lineNumbers: boolean;
  readonly rulers: readonly number[];
  readonly renderWhitespace: 'none' | 'boundary' | 'selection' | 'trailing' | 'all';
  /** Whether the language service runs. */
  readonly checkTypes: boolean;
}

export const defaultEditorSettings: EditorSettings = {
  fontSize: 13,
  fontFamily: '',
  tabSize: 4,
  insertSpaces: true,
  wordWrap: false,
  minimap: false,
  lineNumbers: true,
  rulers: [88],
  renderWhitespace: 'selection',
  checkTypes: true,
};

const { fontSize, fontFamily, tabSize, insertSpaces, wordWrap, minimap, lineNumbers, renderWhitespace, checkTypes } = defaultEditorSettings;

export const editorSettingsSchema: SettingsSchema = {
  type: 'object',
  title: 'Editor',
  description: 'How scripts are displayed and edited.',
  additionalProperties: false,
  'jupyter.lab.shortcuts': [
    { command: 'editor:save', keys: ['Accel S'], selector: 'body' },
    { command: 'editor:next-problem', keys: ['F8'], selector: 'body' },
    { command: 'editor:previous-problem', keys: ['Shift F8'], selector: 'body' },
  ],
  properties: {
    fontSize: { type: 'number', title: 'Font size', minimum: 6, maximum: 60, default: fontSize },
    fontFamily: { type: 'string', title: 'Font family', description: "Empty for the workspace's code font", default: fontFamily },
    tabSize: { type: 'number', multipleOf: 1, title: 'Tab width', minimum: 1, maximum: 16, default: tabSize },
    insertSpaces: { type: 'boolean', title: 'Indent with spaces', default: insertSpaces },
    wordWrap: { type: 'boolean', title: 'Wrap long lines', default: wordWrap },
    minimap: { type: 'boolean', title: 'Show the minimap', default: minimap },
    lineNumbers: { type: 'boolean', title: 'Show line numbers', default: lineNumbers },
    rulers: {
      type: 'array',
      title: 'Rulers',
      description: 'Columns at which a vertical line is drawn',
      items: { type: 'number', multipleOf: 1, minimum: 1, maximum: 1000 },
      default: [...defaultEditorSettings.rulers],
    },
    renderWhitespace: {
      type: 'string',
      title: 'Show whitespace',
      enum: ['none', 'boundary', 'selection', 'trailing', 'all'],
      default: renderWhitespace,
    },
    checkTypes: {
      type: 'boolean',
      title: 'Check types',
      description: 'Also needed for completion, hovers and renaming. Turn it off on a slow computer',
      default: checkTypes,
    },
  },
};
