"""What all parts know of the container and of the Python that they run in."""
import ctypes
import sys

SCRIPT_PATH, INPUT_PATH = '/runner/script.py', '/runner/input'
# What a script puts there is handed over with its run.
OUT_FOLDER = '/tmp/out'
# All that a script can write to.
FOLDERS = ('/tmp', '/runner', '/dev/shm')
# Of an image with packages.
PACKAGES = '/ved/packages'

IS_CPYTHON = sys.implementation.name == 'cpython'
LIBC = ctypes.CDLL(None)


def set_dumpable(may_be):
    """Whether other processes of the user may look into this one."""
    PR_SET_DUMPABLE = 4
    LIBC.prctl(PR_SET_DUMPABLE, may_be, 0, 0, 0)
