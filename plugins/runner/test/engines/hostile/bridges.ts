/**
 * Scripts that try to get from Python to the JavaScript around it. The Docker
 * engine has none, and the same attempts must fail there too.
 */
import type { HostileCase } from './hostile-case.ts';
import { attempts, python } from './python.ts';

export const bridges: readonly HostileCase[] = [
  {
    title: 'JavaScript cannot be imported',
    script: attempts(
      '',
      Object.fromEntries(
        ['js', 'pyodide_js', 'pyodide', 'pyodide.ffi', 'pyodide.code', '_pyodide_core', '_pyodide', 'pyodide_js._api', 'js.process']
          .map((name) => [name, `__import__("${name}")`])
          .concat([
            ['run_js', '__import__("pyodide.code").code.run_js("1")'],
            ['fetch', '__import__("pyodide.http").http.open_url("http://127.0.0.1:{{port}}/")'],
          ]),
      ),
    ),
    stdout: 'tried 11\n',
  },
  {
    title: 'no JavaScript object can be found in memory',
    script: python`
      import gc
      gc.unfreeze()
      def is_js(o): return any(c.__name__ == "JsProxy" for c in type(o).__mro__)
      held = [v for o in gc.get_objects() if type(o) in (dict, list, tuple) for v in (list(o.values()) if type(o) is dict else o)]
      print([o for o in gc.get_objects() + held if is_js(o) and repr(o) != "jsnull"], len(held) > 1000)
    `,
    stdout: '[] True\n',
  },
  {
    title: 'no JavaScript object can be created from its class',
    script: python`
      def below(c): return [c] + [x for s in type.__subclasses__(c) for x in below(s)]
      for c in below(object):
          if "Js" not in c.__name__: continue
          makes = (lambda: c("x"), lambda: c("x", "y"), lambda: BaseException.__new__(c, "x"), lambda: type("A", (c,), {})("x"))
          for make in makes:
              try: made = make()
              except Exception: continue
              if hasattr(made, "constructor"): print("made", c, made.constructor)
      print("tried")
    `,
    stdout: 'tried\n',
  },
  {
    title: 'the code of the bridge can be loaded but does nothing',
    script: python`
      import types, zipfile
      try: source = zipfile.ZipFile("/lib/python314.zip").read("pyodide/code.py")
      except (OSError, KeyError): source = b""
      module = types.ModuleType("x")
      try: exec(source, module.__dict__)
      except ImportError: pass
      print(hasattr(module, "run_js") and module.run_js("1"))
    `,
    stdout: /^(False|None)\n$/,
  },
  {
    title: 'JavaScript cannot be run by a C function',
    script: python`
      import ctypes
      c = ctypes.CDLL(None)
      for name in ("emscripten_run_script", "emscripten_run_script_int", "emscripten_run_script_string", "emscripten_asm_const_int", "run_js", "_PyEM_TrampolineCall", "js2python", "hiwire_get_value"):
          try: function = getattr(c, name)
          except AttributeError: continue
          try: print("called", name, function(b"process._rawDebug('out')"))
          except BaseException: pass
      print("tried")
    `,
    docker: { stdout: 'tried\n' },
    pyodide: { status: ['succeeded', 'failed'], stdout: /^(tried\n)?$/ },
  },
  {
    title: 'the sleep device ignores malformed writes',
    script: python`
      import os, time
      try:
          fd = os.open("/dev/sleep", os.O_WRONLY)
          for b in (b"", b"x", b"x" * 100, b"\xff" * 8): os.write(fd, b)
      except OSError: pass
      os.closerange(3, 100)
      time.sleep(0.01); print("on")
    `,
    stdout: 'on\n',
  },
];
