"""Runs as process 1 of a container, for one script, or for one after another.

It forks a child that has its interpreter up and waits. Then it takes one job on
stdin, lets the child run it, and says how that ended on both streams, behind a
nonce that the child never saw. What the child writes comes through pipes of its
own and is passed on, little that follows little together. Whatever happens to
the connection, nothing in the container outlives it: process 1 ends when stdin
does.

A job may ask to keep the container for the next of its lane. Then process 1,
which ended every other process before its last word, waits until it is told to
go on: it empties the folders, and looks whether all that a script can change is
as it was; only if so does it fork another child.

In:  a byte, within as many seconds as its argument says: whoever starts this
     must be attached, as stdin ends only when somebody goes who was there;
     another one as soon, once the first readiness was said: who sent the first
     may have gone before the start;
     "NONCE SCRIPT_BYTES INPUT_BYTES KEEP FILES FILE_BYTES FOLDERS\\n", the
     script, the input; after a job that keeps the container, a byte when it
     is to be made ready for the next.
Out: "\\0ready INTERPRETER VERSION\\n" on stdout, before each job; the script's output;
     "\\0NONCE EXIT_CODE OOM_KILLS PEAK_BYTES HAS_FILES\\n" last, on stdout and
     stderr; then, when it has, what collect.py says on stdout.
"""


def supervise():
    import atexit
    import ctypes
    import fcntl
    import gc
    import os
    import resource
    import select
    import signal
    import sys

    script_path, input_path = '/runner/script.py', '/runner/input'
    out_folder = '/tmp/out'
    folders = ('/tmp', '/runner', '/dev/shm')
    packages = '/ved/packages'
    libc = ctypes.CDLL(None)
    limits = 16
    # Of the network namespace, which is the container's own: sockets, closed ones that still wait among them, and what was counted.
    # Its settings are on a mount that cannot be written.
    network = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6', 'icmp', 'icmp6', 'unix', 'packet', 'netlink']
    network += ['dev', 'snmp', 'snmp6', 'netstat', 'arp', 'route', 'if_inet6', 'igmp', 'igmp6', 'mcfilter', 'mcfilter6']
    # Of what the script writes: how much goes on at once, and how soon after little of it more does.
    passing, passed, pace_ms = bytearray(65536), 0, 3
    is_cpython = sys.implementation.name == 'cpython'
    set_dumpable, get_pipe_size = 4, 1032
    ioprio_get, io_process = {'x86_64': 252, 'aarch64': 31}.get(os.uname().machine), 1

    # In the child.

    def run_script(start, ready):
        libc.prctl(set_dumpable, 1, 0, 0, 0)
        # When memory runs out, the script dies before process 1 does.
        with open('/proc/self/oom_score_adj', 'w') as file:
            file.write('1000')
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run = run_by_c() if is_cpython else run_from_within
        null = os.open('/dev/null', os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        sys.argv[:] = [script_path, input_path]
        sys.orig_argv = ['python3', '-u', script_path, input_path]
        sys.path[0] = os.path.dirname(script_path)
        # One that ends as any script's does, which ours would not: see keep_what_is_there.
        main = sys.modules['__main__'] = type(sys)('__main__')
        main.__builtins__ = __builtins__
        os.write(ready, b'.')
        os.close(ready)
        if not os.read(start, 1):
            os._exit(0)
        os.close(start)
        if os.path.isdir(packages):
            # Of an image with packages. Not in process 1, which nothing of theirs may reach, and within the time of the run.
            import site

            os.environ['PYTHONPATH'] = packages
            site.addsitedir(packages)
        run(main)

    def run_by_c():
        """As `python3 script.py` does it: the same tracebacks, exit codes and order of the end."""
        run_file = ctypes.pythonapi.PyRun_SimpleFileExFlags
        run_file.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
        libc.fopen.restype = ctypes.c_void_p
        end_with = end_soon()

        def run(_):
            failed = run_file(libc.fopen(script_path.encode(), b'rb'), script_path.encode(), 1, None)
            # Before 3.12 it has another name.
            last = getattr(sys, 'last_exc', None) or getattr(sys, 'last_value', None)
            if not failed:
                end_with(0)
            elif not isinstance(last, KeyboardInterrupt):
                end_with(1)
                sys.exit(1)

        return run

    def end_soon():
        """At its end Python takes apart what was there before the script as well, which nobody sees and takes longer than a short
        script did. What is called here last before that leaves to it what the script made or changed, and where the exit code is
        known, ends the process once that is gone."""
        streams, known = (sys.stdout, sys.stderr), []
        collect, end = gc.collect, libc.exit

        class Last:
            def __del__(self):
                # What the names of `sys` held.
                collect()
                end(known[0])

        def leave_what_was_there():
            # Python does it next, and what it finds may ask for modules.
            collect()
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

    def run_from_within(main):
        """Of a Python whose own way is not to be had, such as PyPy: the nearest to it."""
        main.__file__, main.__cached__ = script_path, None
        try:
            with open(script_path, 'rb') as file:
                code = compile(file.read(), script_path, 'exec')
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

    # In process 1.

    def watch_modules():
        """Has the names of the modules that are there watched: what a script changes of them is in `changed`. Since Python 3.12."""
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

    def fork_child():
        """The child's id, what starts it, and where to read what it writes to which descriptor; 0 in the child itself, when it has
        run its script."""
        start_read, start_write = os.pipe()
        ready_read, ready_write = os.pipe()
        streams = [(*os.pipe(), descriptor) for descriptor in (1, 2)]
        child = os.fork()
        if child == 0:
            for read, write, descriptor in streams:
                os.dup2(write, descriptor)
                os.close(read)
                os.close(write)
            for descriptor in (woken, wake, start_write, ready_read):
                os.close(descriptor)
            run_script(start_read, ready_write)
            return 0, None, None
        for read, write, _ in streams:
            os.close(write)
            os.set_blocking(read, False)
        os.close(start_read)
        os.close(ready_write)
        os.read(ready_read, 1)
        os.close(ready_read)
        return child, start_write, {read: descriptor for read, _, descriptor in streams}

    def read_header():
        line = b''
        while not line.endswith(b'\n'):
            byte = os.read(0, 1)
            if not byte:
                os._exit(0)
            line += byte
        return line.split()

    def read_into(descriptor, buffer):
        if hasattr(os, 'readv'):
            return os.readv(descriptor, [buffer])
        data = os.read(descriptor, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def receive_file(path, size):
        """Leaves no copy in the memory from which the next child is forked."""
        data = bytearray(size)
        view = memoryview(data)
        while view:
            count = read_into(0, view)
            if count == 0:
                os._exit(0)
            view = view[count:]
        with open(path, 'xb', buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
        data[:] = bytes(size)

    def wait_for(child, streams, heard=None):
        """The exit code of the child and the most memory that it had. Passes on what it writes meanwhile. Where something may be said
        meanwhile, it is in `heard`; else only the end is."""
        open_streams, resting = dict(streams), False
        while True:
            poll = select.poll()
            for descriptor in (0, woken) if resting else (0, woken, *open_streams):
                poll.register(descriptor, select.POLLIN | select.POLLHUP)
            ready = [descriptor for descriptor, _ in poll.poll(pace_ms if resting else None)]
            if 0 in ready:
                if heard is None or not (said := os.read(0, 1)):
                    os._exit(0)
                heard.append(said)
            if woken in ready:
                os.read(woken, 4096)
                ended = reap(child)
                if ended:
                    return ended
            resting = False
            for read in [each for each in open_streams if each in ready]:
                count = pass_on(read, open_streams[read])
                if count == 0:
                    del open_streams[read]
                # Little that came at once: more of that kind may follow, and goes on together. Each message costs all on its way.
                resting = resting or 0 < count < len(passing)

    def reap(child):
        while True:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == child:
                return os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024
            if pid == 0:
                return None

    def pass_on(read, descriptor):
        """What can be read at once; how many bytes that was, 0 at the end, -1 where there is nothing and somebody may still write."""
        try:
            count = read_into(read, passing)
        except BlockingIOError:
            return -1
        nonlocal passed
        passed = max(passed, count)
        view = memoryview(passing)[:count]
        while view:
            try:
                view = view[os.write(descriptor, view) :]
            except BlockingIOError:
                poll = select.poll()
                poll.register(descriptor, select.POLLOUT)
                poll.register(0, select.POLLIN | select.POLLHUP)
                if any(ready == 0 for ready, _ in poll.poll()):
                    os._exit(0)
            except BrokenPipeError:
                os._exit(0)
        return count

    def pass_on_rest(streams):
        """When nobody is left who could write, though a pipe may still be open: in a socket that holds itself."""
        for read, descriptor in streams.items():
            while pass_on(read, descriptor) > 0:
                pass
            os.close(read)
        # The next child is forked from this memory.
        nonlocal passed
        passing[:passed], passed = bytes(passed), 0

    def end_everything():
        """Nothing may write after the last word."""
        try:
            while True:
                os.kill(-1, signal.SIGKILL)
                os.waitpid(-1, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def has_files():
        try:
            with os.scandir(out_folder) as entries:
                return next(entries, None) is not None
        except FileNotFoundError:
            return False
        except OSError:
            return True

    def hand_over(bounds):
        """What was heard meanwhile: who has all of it may go on before the collector has ended."""
        heard = []
        collector = os.fork()
        if collector == 0:
            try:
                collect(out_folder.encode(), *bounds)
            finally:
                os._exit(0)
        wait_for(collector, {}, heard)
        return heard

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

    def read_kills():
        return read_number(['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'], 'oom_kill')

    def read_peak():
        return read_number(['/sys/fs/cgroup/memory.peak', '/sys/fs/cgroup/memory/memory.max_usage_in_bytes'])

    def empty(folder):
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    empty(entry.path)
                    os.rmdir(entry.path)
                else:
                    os.unlink(entry.path)

    def count_lines(path):
        with open(path) as file:
            return len(file.readlines())

    def read_network(kind):
        try:
            with open('/proc/self/net/' + kind, 'rb') as file:
                return file.read()
        except FileNotFoundError:
            # Of a kernel without it.
            return None

    def stream_state(descriptor):
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFL), fcntl.fcntl(descriptor, fcntl.F_GETOWN)
        try:
            return *flags, fcntl.fcntl(descriptor, get_pipe_size)
        except OSError:
            return flags

    def state():
        """All that a script can change and that the next would see. What it cannot reach is not here."""
        spaces = [os.statvfs(folder) for folder in folders]
        return [
            sorted(name for name in os.listdir('/proc') if name.isdigit()),
            [(space.f_bfree, space.f_ffree) for space in spaces],
            [(os.stat(folder).st_mode, os.listdir(folder), os.listxattr(folder)) for folder in folders],
            [stream_state(descriptor) for descriptor in (0, 1, 2)],
            [resource.getrlimit(limit) for limit in range(limits)],
            (os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.sched_getparam(0), os.sched_getaffinity(0)),
            libc.syscall(ioprio_get, io_process, 0) if ioprio_get else None,
            [count_lines('/proc/sysvipc/' + kind) for kind in ('shm', 'sem', 'msg')],
            [read_network(kind) for kind in network],
        ]

    def is_clean():
        if untouched is None:
            return False
        try:
            os.chmod('/runner', 0o700)
            for folder in folders:
                empty(folder)
            return state() == untouched
        except (OSError, RecursionError):
            return False

    def expect_somebody():
        if not select.select([0], [], [], float(sys.argv[1]))[0] or not os.read(0, 1):
            os._exit(0)

    expect_somebody()
    libc.prctl(set_dumpable, 0, 0, 0, 0)
    # Process 1 is sent no signal that it does not handle; this one only wakes it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    # So that the end of the connection is seen while nobody reads.
    for descriptor in (1, 2):
        os.set_blocking(descriptor, False)
    name = '%s-%d.%d %s' % (sys.implementation.name, *sys.version_info[:2], sys.version.split()[0].rstrip('+'))
    os.chmod('/runner', 0o700)
    # Another Python may not be able to look at all of it: then the container is for one job.
    untouched = state() if is_cpython else None
    kills = peak = 0
    is_known = False
    watched, changed = {}, set()
    if is_cpython:
        watching = watch_modules() if sys.version_info >= (3, 12) else None
        keep_what_is_there()

    def serve():
        """One job. Whether the container may take another; None in the child, when it has run its script."""
        nonlocal kills, peak, is_known
        os.mkdir(out_folder, 0o777)
        child, start, streams = fork_child()
        if child == 0:
            return None
        os.write(1, b'\0ready ' + name.encode() + b'\n')
        if not is_known:
            expect_somebody()
            is_known = True
        nonce, script_bytes, input_bytes, keep, *bounds = read_header()
        receive_file(script_path, int(script_bytes))
        receive_file(input_path, int(input_bytes))
        os.write(start, b'.')
        os.close(start)
        exit_code, child_peak = wait_for(child, streams)
        end_everything()
        pass_on_rest(streams)
        kills_before, kills = kills, read_kills()
        # The mark of the container only ever rises; when this run did not raise it, the child's own is what is known.
        peak_before, peak = peak, read_peak()
        run_peak = peak if peak > peak_before else child_peak
        files = has_files()
        blocking = [os.get_blocking(descriptor) for descriptor in (1, 2)]
        for descriptor in (2, 1):
            os.set_blocking(descriptor, True)
            os.write(descriptor, b'\0%s %d %d %d %d\n' % (nonce, exit_code, kills - kills_before, run_peak, files))
        told = hand_over([int(bound) for bound in bounds]) if files else []
        for descriptor, was in zip((1, 2), blocking):
            os.set_blocking(descriptor, was)
        if keep != b'1':
            # The end of a container takes Docker longer than the script took. Whoever was told comes first, and leaves then.
            while os.read(0, 4096):
                pass
            return False
        if not told and not os.read(0, 1):
            os._exit(0)
        return is_clean()

    while (clean := serve()) is not None:
        if not clean:
            os._exit(0)


supervise()
