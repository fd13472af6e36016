"""The child: forked with its interpreter up, it waits, then becomes the script."""
import os
import signal
import sys

from boot.container import INPUT_PATH, IS_CPYTHON, PACKAGES, SCRIPT_PATH, set_dumpable
from boot.run_script import run_by_c, run_from_within


def fork_child(foreign):
    """The child's id, what starts it, and where to read what it writes to which descriptor; 0 in the child itself, when it has
    run its script. `foreign` are descriptors that are none of the child's business."""
    start_read, start_write = os.pipe()
    ready_read, ready_write = os.pipe()
    streams = [(*os.pipe(), descriptor) for descriptor in (1, 2)]
    child = os.fork()
    if child == 0:
        for read, write, descriptor in streams:
            os.dup2(write, descriptor)
            os.close(read)
            os.close(write)
        for descriptor in (*foreign, start_write, ready_read):
            os.close(descriptor)
        become_script(start_read, ready_write)
        return 0, None, None
    for read, write, _ in streams:
        os.close(write)
        os.set_blocking(read, False)
    os.close(start_read)
    os.close(ready_write)
    os.read(ready_read, 1)
    os.close(ready_read)
    return child, start_write, {read: descriptor for read, _, descriptor in streams}


def become_script(start, ready):
    """Says by `ready` when all is there but the script, runs it when `start` says so, and returns."""
    set_dumpable(1)
    # When memory runs out, the script dies before process 1 does.
    with open('/proc/self/oom_score_adj', 'w') as file:
        file.write('1000')
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run = run_by_c() if IS_CPYTHON else run_from_within
    null = os.open('/dev/null', os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.argv[:] = [SCRIPT_PATH, INPUT_PATH]
    sys.orig_argv = ['python3', '-u', SCRIPT_PATH, INPUT_PATH]
    sys.path[0] = os.path.dirname(SCRIPT_PATH)
    # One that ends as any script's does, which ours would not: see keep_what_is_there.
    main = sys.modules['__main__'] = type(sys)('__main__')
    main.__builtins__ = __builtins__
    os.write(ready, b'.')
    os.close(ready)
    if not os.read(start, 1):
        os._exit(0)
    os.close(start)
    if os.path.isdir(PACKAGES):
        # Not in process 1, which nothing of theirs may reach, and within the time of the run.
        import site

        os.environ['PYTHONPATH'] = PACKAGES
        site.addsitedir(PACKAGES)
    run(main)
