"""Makes Pyodide behave as python3 would for a script of its own.

Loaded once, into the memory snapshot. `_ved_seal` is called at each boot, after
Pyodide has put its bridges to JavaScript back, and takes them away again.
"""
import asyncio, asyncio.base_events, asyncio.events, atexit, builtins, gc, importlib.machinery, io, json, linecache
import errno, os, posix, random, re, runpy, struct, sys, textwrap, threading, time, tokenize, traceback, types


def _ved_prelude():
    script_path, input_path = '/runner/script.py', '/runner/input'
    bridges = {'js', 'pyodide_js', 'pyodide', '_pyodide', '_pyodide_core'}
    interpreter_sleep = time.sleep
    pack, write, read_code = struct.Struct('<d').pack, os.write, io.open_code
    namespace = {}
    main = types.ModuleType('__main__')

    class _Waiter:
        """Stands where a selector would: nothing can become readable here, so it only waits."""

        def select(self, timeout):
            if timeout is None:
                raise RuntimeError('the event loop waits for something that can never happen')
            if timeout > 0:
                time.sleep(timeout)
            return []

    class EventLoop(asyncio.base_events.BaseEventLoop):
        def __init__(self):
            super().__init__()
            self._selector = _Waiter()

        def _process_events(self, events):
            pass

        def _write_to_self(self):
            pass

    class EventLoopPolicy(asyncio.events._BaseDefaultEventLoopPolicy):
        _loop_factory = EventLoop

    def sleep_on(descriptor):
        def sleep(seconds, /):
            if isinstance(seconds, (int, float)) and 0 < seconds < 1e9:
                try:
                    write(descriptor, pack(seconds))
                    return
                except OSError:
                    pass
            interpreter_sleep(seconds)

        return sleep

    def system(command):
        raise OSError(errno.ENOTSUP, 'emscripten does not support processes.')

    def compile_script():
        sys.path[0] = os.path.dirname(script_path)
        with read_code(script_path) as file:
            return compile(file.read(), script_path, 'exec', dont_inherit=True)

    def exit_code_of(exception):
        """What `sys.exit` asked for; -1 for an exception to print, -2 for KeyboardInterrupt."""
        while (trace := exception.__traceback__) and trace.tb_frame.f_code is compile_script.__code__:
            exception.__traceback__ = trace.tb_next
        del trace
        if isinstance(exception, KeyboardInterrupt):
            return -2
        if not isinstance(exception, SystemExit):
            return -1
        if exception.code is None:
            return 0
        if isinstance(exception.code, int):
            # What it is as a number, whatever a class of the script's makes of it. As C's conversion to long fails: -1.
            code = int.__index__(exception.code)
            return code & 255 if -(1 << 31) <= code < 1 << 31 else 255
        try:
            sys.stdout.flush()
        except Exception:
            pass
        print(exception.code, file=sys.stderr)
        return 1

    def clear_main():
        """Lets go of what the script made, in CPython's order, so that files are flushed and `__del__` is called."""
        names = list(main.__dict__)
        for private in (True, False):
            for name in names:
                if (name[0] == '_' and name[1:2] != '_') == private and name != '__builtins__':
                    main.__dict__[name] = None
        gc.collect()

    def finish():
        threading._shutdown()
        atexit._run_exitfuncs()
        flush_streams()
        clear_main()
        flush_streams()

    def flush_streams():
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()

    def forget_javascript(names):
        for name, value in list(names.items()):
            if any(base.__name__ == 'JsProxy' for base in type(value).__mro__):
                del names[name]

    def classes(base):
        for each in type.__subclasses__(base):
            yield each
            yield from classes(each)

    def seal():
        from pyodide import webloop

        asyncio.run = webloop._orig_run
        sys.meta_path[:] = [importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, importlib.machinery.PathFinder]
        for name, module in list(sys.modules.items()):
            if name.partition('.')[0] in bridges:
                del sys.modules[name]
                if type(module) is types.ModuleType:
                    forget_javascript(module.__dict__)
        for finder in gc.get_objects():
            if type(finder).__name__ == 'JsFinder':
                finder.jsproxies.clear()
        archive = sys.path_importer_cache['/lib/python314.zip']._get_files()
        for path in list(archive):
            if path.partition('/')[0] in bridges:
                del archive[path]
        del webloop, module, finder
        asyncio.events._set_event_loop_policy(EventLoopPolicy())
        asyncio.events._set_running_loop(None)
        os.system = posix.system = system
        time.sleep = sleep_on(os.open('/dev/sleep', os.O_WRONLY))
        sys.excepthook = sys.__excepthook__
        sys.path[:] = [script_path, *(entry for entry in sys.path if entry.startswith('/lib')), '/lib/tzdata.zip']
        sys.argv[:] = [script_path, input_path]
        sys.orig_argv[:] = ['python3', script_path, input_path]
        for name in ('PYTHONINSPECT', 'PYTHONUNBUFFERED', 'LD_LIBRARY_PATH', '_'):
            os.environ.pop(name, None)
        random.seed()
        main.__dict__.update(
            __builtins__=builtins, __file__=script_path, __loader__=importlib.machinery.SourceFileLoader('__main__', script_path)
        )
        sys.modules['__main__'] = main
        os.chdir('/tmp')
        kept = (compile_script, main.__dict__, exit_code_of, finish)
        namespace['kept'] = kept
        gc.collect()
        gc.freeze()
        proxies = {id(each) for each in classes(object) if type(each).__name__ == '_JsProxyMetaClass'}
        return [id(thing) for thing in kept], list(proxies)

    return seal


_ved_seal = _ved_prelude()
del _ved_prelude
