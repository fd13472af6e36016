"""Has the child end sooner: at its end, Python takes apart all that was there
before the script as well, which nobody sees and takes longer than a short
script did. CPython only.

Process 1 prepares it (`keep_what_is_there`, `watch_modules`), the child asks
for it (`end_soon`).
"""
import atexit
import ctypes
import gc
import sys

from boot.container import LIBC

# The names of the modules that are there before the script, by the id of the dictionary that holds them, with name and module.
watched = {}
# The ids of those that the script changed.
changed = set()


def watch_modules():
    """Has the names of the modules that are there watched. Since Python 3.12. Whoever calls keeps what this returns."""
    note = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_int, *[ctypes.c_void_p] * 3)(lambda _, names, *__: changed.add(names) or 0)
    watcher = ctypes.pythonapi.PyDict_AddWatcher(note)
    for name, module in sys.modules.items():
        if name not in ('sys', 'builtins', '__main__'):
            watched[id(vars(module))] = name, module
            ctypes.pythonapi.PyDict_Watch(watcher, ctypes.py_object(vars(module)))
    return note


def keep_what_is_there():
    """A child that ends takes Python apart, and each page of memory that it touches for that is copied first. What was there
    before the fork it need neither walk through (`freeze`) nor free (one reference more than it drops): half of its time."""
    hold = ctypes.pythonapi.Py_IncRef
    hold.argtypes = [ctypes.py_object]
    gc.collect()
    for each in gc.get_objects():
        hold(each)
    gc.freeze()


def end_soon():
    """What is called here last before Python takes things apart leaves to it what the script made or changed, and where the exit
    code is known, ends the process once that is gone. Returns what takes the exit code."""
    streams, known = (sys.stdout, sys.stderr), []
    collect_garbage, end = gc.collect, LIBC.exit

    class Last:
        def __del__(self):
            # What the names of `sys` held.
            collect_garbage()
            end(known[0])

    def leave_what_was_there():
        # Python does it next, and what it finds may ask for modules.
        collect_garbage()
        for names, (name, module) in watched.items():
            if names not in changed and sys.modules.get(name) is module:
                del sys.modules[name]
        # A stream of the script's own may fail at the end, which gives another code.
        if known and (sys.stdout, sys.stderr) == streams:
            # The names of this module go after all others, and the newest of them last.
            setattr(sys, 'the last', Last())

    # After those of the script, as it comes first.
    atexit.register(leave_what_was_there)
    return known.append
