"""Runs as process 1 of a container, for one script.

It forks a child that has its interpreter up and waits. Then it takes one job on
stdin, lets the child run it, and says how that ended on both streams, behind a
nonce that the child never saw. Whatever happens to the connection, nothing in
the container outlives it: process 1 ends when stdin does.

In:  "NONCE SCRIPT_BYTES INPUT_BYTES\\n", the script, the input.
Out: "\\0ready INTERPRETER\\n" once, on stdout; the script's own output;
     "\\0NONCE EXIT_CODE OOM_KILLS PEAK_BYTES\\n" last, on stdout and stderr.
"""


def supervise():
    import ctypes
    import os
    import select
    import signal
    import sys

    script_path, input_path = '/runner/script.py', '/runner/input'
    libc = ctypes.CDLL(None)
    set_dumpable = 4

    def run_script(start):
        libc.prctl(set_dumpable, 1, 0, 0, 0)
        # When memory runs out, the script dies before process 1 does.
        with open('/proc/self/oom_score_adj', 'w') as file:
            file.write('1000')
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run_file = ctypes.pythonapi.PyRun_SimpleFileExFlags
        run_file.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
        libc.fopen.restype = ctypes.c_void_p
        null = os.open('/dev/null', os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        sys.argv[:] = [script_path, input_path]
        sys.orig_argv[:] = ['python3', '-u', script_path, input_path]
        sys.path[0] = os.path.dirname(script_path)
        main = globals()
        builtins = main['__builtins__']
        main.clear()
        main.update(__name__='__main__', __doc__=None, __package__=None, __spec__=None, __builtins__=builtins)
        os.write(ready_write, b'.')
        os.close(ready_write)
        if not os.read(start, 1):
            os._exit(0)
        os.close(start)
        # As `python3 script.py` does it: the same tracebacks, exit codes and order of the end.
        failed = run_file(libc.fopen(script_path.encode(), b'rb'), script_path.encode(), 1, None)
        if failed and not isinstance(sys.last_exc, KeyboardInterrupt):
            sys.exit(1)

    def read_exactly(count, received):
        while len(received) < count:
            chunk = os.read(0, 1 << 20)
            if not chunk:
                os._exit(0)
            received += chunk
        return received

    def read_job():
        received = b''
        while b'\n' not in received:
            received = read_exactly(len(received) + 1, received)
        header, _, rest = received.partition(b'\n')
        nonce, script_bytes, input_bytes = header.split()
        script_bytes = int(script_bytes)
        rest = read_exactly(script_bytes + int(input_bytes), rest)
        return nonce, rest[:script_bytes], rest[script_bytes:]

    def write_file(path, data):
        with open(path, 'wb', buffering=0) as file:
            file.write(data)

    def wait_for(child, woken):
        poll = select.poll()
        poll.register(0, select.POLLIN | select.POLLHUP)
        poll.register(woken, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == 0:
                    os._exit(0)
                os.read(woken, 4096)
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == child:
                    return os.waitstatus_to_exitcode(status)
                if pid == 0:
                    break

    def end_everything():
        """Nothing may write after the last word."""
        try:
            while True:
                os.kill(-1, signal.SIGKILL)
                os.waitpid(-1, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def read_number(paths, key=None):
        for path in paths:
            try:
                with open(path) as file:
                    for line in file:
                        words = line.split()
                        if key is None or words[0] == key:
                            return int(words[-1])
            except (OSError, ValueError):
                continue
        return 0

    libc.prctl(set_dumpable, 0, 0, 0, 0)
    # Process 1 is sent no signal that it does not handle; this one only wakes it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    start_read, start_write = os.pipe()
    ready_read, ready_write = os.pipe()
    child = os.fork()
    if child == 0:
        for descriptor in (woken, wake, start_write, ready_read):
            os.close(descriptor)
        run_script(start_read)
        return
    os.close(start_read)
    os.close(ready_write)
    os.read(ready_read, 1)
    os.close(ready_read)
    name = '%s-%d.%d' % (sys.implementation.name, *sys.version_info[:2])
    os.write(1, b'\0ready ' + name.encode() + b'\n')

    nonce, script, data = read_job()
    write_file(script_path, script)
    write_file(input_path, data)
    del script, data
    os.write(start_write, b'.')
    os.close(start_write)
    exit_code = wait_for(child, woken)
    end_everything()
    kills = read_number(['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'], 'oom_kill')
    peak = read_number(['/sys/fs/cgroup/memory.peak', '/sys/fs/cgroup/memory/memory.max_usage_in_bytes'])
    for descriptor in (1, 2):
        os.set_blocking(descriptor, True)
        os.write(descriptor, b'\0%s %d %d %d\n' % (nonce, exit_code, kills, peak))
    os._exit(0)


supervise()
