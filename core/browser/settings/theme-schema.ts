/** The settings that JupyterLab's theme manager reads, with ved's two themes; by default, the system's theme is used. */
import type { SettingsSchema } from '../app/ved-plugin.ts';

export const lightTheme = 'ved light';
export const darkTheme = 'ved dark';
export const themeSettingId = '@ved/core:themes';

const themeNames = [lightTheme, darkTheme];
const cssText = { type: ['string', 'null'] };

export const themeSchema: [id: string, schema: SettingsSchema] = [
  themeSettingId,
  {
    type: 'object',
    title: 'Theme',
    additionalProperties: false,
    definitions: {
      cssOverrides: {
        type: 'object',
        additionalProperties: false,
        properties: { 'ui-font-size1': cssText, 'code-font-size': cssText, 'content-font-size1': cssText },
      },
    },
    properties: {
      'adaptive-theme': { type: 'boolean', title: 'Follow the system', default: true },
      theme: { type: 'string', title: 'Theme when not following the system', enum: themeNames, default: lightTheme },
      'preferred-light-theme': { type: 'string', enum: themeNames, default: lightTheme },
      'preferred-dark-theme': { type: 'string', enum: themeNames, default: darkTheme },
      'theme-scrollbars': { type: 'boolean', default: false },
      overrides: { $ref: '#/definitions/cssOverrides', default: {} },
    },
  },
];
