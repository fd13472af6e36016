/** Says in a sentence why a script that works elsewhere failed here, by the last line of its traceback. */

const HINTS = [
  [/can't start new thread/, 'This engine has no threads; a container of the Docker engine has.'],
  [/does not support processes|^OSError: \[Errno 52\]/, 'This engine can start no processes; a container of the Docker engine can.'],
  [/^OSError: \[Errno (23|138|50|66)\]|Host is unreachable/, 'This engine has no network.'],
  [
    /^ModuleNotFoundError/,
    'Of packages this engine has those that the script asks for in its inline metadata, where VED_PYODIDE_PACKAGES holds them.',
  ],
];

/** Null when nothing of this engine is to blame. */
export function hintFor(line) {
  return HINTS.find(([pattern]) => pattern.test(line))?.[1] ?? null;
}
