/** Registers the light and dark themes, and the commands to choose one or follow the system. */
import { ICommandPalette, IThemeManager, ThemeManager } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import darkCss from '@jupyterlab/theme-dark-extension/style/theme.css?inline';
import lightCss from '@jupyterlab/theme-light-extension/style/theme.css?inline';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { darkTheme, lightTheme, themeSettingId } from '../settings/theme-schema.ts';
import vedDarkCss from './theme-dark.css?inline';
import { rememberTheme } from './theme-hint.ts';
import vedLightCss from './theme-light.css?inline';

export const themesPlugin: VedPlugin<IThemeManager> = {
  id: themeSettingId,
  autoStart: true,
  requires: [ISettingRegistry],
  provides: IThemeManager,
  activate: (app, settings: ISettingRegistry) => {
    const manager = new ThemeManager({ key: themeSettingId, host: app.shell, settings, url: '/' });
    registerTheme(manager, lightTheme, 'Light', lightCss + vedLightCss);
    registerTheme(manager, darkTheme, 'Dark', darkCss + vedDarkCss);
    manager.themeChanged.connect((_, { newValue }) => {
      const isLight = manager.isLight(newValue);
      document.body.dataset.jpThemeLight = String(isLight);
      document.body.dataset.jpThemeName = newValue;
      document.documentElement.style.colorScheme = isLight ? 'light' : 'dark';
      rememberTheme(manager.isToggledAdaptiveTheme() ? null : isLight ? 'light' : 'dark');
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => void followSystem(settings));
    return manager;
  },
};

/** The style sheet is part of the page, so that switching needs no request. */
function registerTheme(manager: ThemeManager, name: string, displayName: string, css: string): void {
  const style = document.createElement('style');
  style.textContent = css;
  manager.register({
    name,
    displayName,
    isLight: name === lightTheme,
    load: async () => void document.head.append(style),
    unload: async () => style.remove(),
  });
}

/** The theme manager reads the system's theme whenever its settings are reloaded. */
async function followSystem(settings: ISettingRegistry): Promise<void> {
  await settings.reload(themeSettingId);
}

type Choice = 'system' | 'light' | 'dark';
const choices: readonly { choice: Choice; label: string }[] = [
  { choice: 'system', label: 'Same as System' },
  { choice: 'light', label: 'Light' },
  { choice: 'dark', label: 'Dark' },
];

export const themeCommand = 'workspace:set-theme';
export const themeChoices = choices.map(({ choice }) => ({ theme: choice }));

export const themeCommandsPlugin: VedPlugin<void> = {
  id: '@ved/core:theme-commands',
  autoStart: true,
  requires: [IThemeManager, ISettingRegistry, ICommandPalette],
  activate: (app, manager: ThemeManager, settings: ISettingRegistry, palette: ICommandPalette) => {
    const labelOf = (theme: unknown) => choices.find(({ choice }) => choice === theme)?.label ?? 'Theme';
    app.commands.addCommand(themeCommand, {
      label: (args) => (args.isPalette ? `Theme: ${labelOf(args.theme)}` : labelOf(args.theme)),
      isToggleable: true,
      isToggled: (args) => args.theme === currentChoice(manager),
      execute: (args) => chooseTheme(settings, args.theme as Choice),
    });
    manager.themeChanged.connect(() => app.commands.notifyCommandChanged(themeCommand));
    for (const args of themeChoices) palette.addItem({ command: themeCommand, args: { ...args, isPalette: true }, category: 'Settings' });
  },
};

function currentChoice(manager: ThemeManager): Choice {
  if (manager.isToggledAdaptiveTheme()) return 'system';
  return manager.theme === darkTheme ? 'dark' : 'light';
}

async function chooseTheme(settings: ISettingRegistry, choice: Choice): Promise<void> {
  if (choice !== 'system') await settings.set(themeSettingId, 'theme', choice === 'dark' ? darkTheme : lightTheme);
  await settings.set(themeSettingId, 'adaptive-theme', choice === 'system');
}
