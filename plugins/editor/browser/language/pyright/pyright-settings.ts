/** Pyright's settings, matching how scripts run (CPython 3.14 on Linux, the standard library). */
import { SCRIPTS_FOLDER } from '../../documents/script-uri.ts';

const analysis = {
  typeCheckingMode: 'standard',
  diagnosticMode: 'openFilesOnly',
  autoImportCompletions: true,
  autoSearchPaths: false,
};

/** Answers to `workspace/configuration`. */
export const pyrightSettings = {
  python: { analysis },
  'python.analysis': analysis,
  pyright: {},
};

/** What only a configuration file can say. */
export const pyrightConfigFile = {
  [`${SCRIPTS_FOLDER}/pyrightconfig.json`]: JSON.stringify({
    pythonVersion: '3.14',
    pythonPlatform: 'Linux',
    typeCheckingMode: analysis.typeCheckingMode,
  }),
};
