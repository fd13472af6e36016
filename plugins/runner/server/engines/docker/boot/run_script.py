"""The two ways to run the script in the child. Each is made before the script is
there, and takes its `__main__` module."""
import ctypes
import os
import signal
import sys

from boot.container import LIBC, SCRIPT_PATH
from boot.quick_end import end_soon


def run_by_c():
    """As `python3 script.py` does it: the same tracebacks, exit codes and order of the end."""
    run_file = ctypes.pythonapi.PyRun_SimpleFileExFlags
    run_file.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    LIBC.fopen.restype = ctypes.c_void_p
    end_with = end_soon()

    def run(_):
        failed = run_file(LIBC.fopen(SCRIPT_PATH.encode(), b'rb'), SCRIPT_PATH.encode(), 1, None)
        # Before 3.12 it has another name.
        last = getattr(sys, 'last_exc', None) or getattr(sys, 'last_value', None)
        if not failed:
            end_with(0)
        elif not isinstance(last, KeyboardInterrupt):
            end_with(1)
            sys.exit(1)

    return run


def run_from_within(main):
    """Of a Python whose own way is not to be had, such as PyPy: the nearest to it."""
    main.__file__, main.__cached__ = SCRIPT_PATH, None
    try:
        with open(SCRIPT_PATH, 'rb') as file:
            code = compile(file.read(), SCRIPT_PATH, 'exec')
        exec(code, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        # Our own frame is no part of what went wrong.
        sys.excepthook(type(error), error, error.__traceback__.tb_next)
        if not isinstance(error, KeyboardInterrupt):
            sys.exit(1)
        sys.stdout.flush()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
