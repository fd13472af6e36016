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
import os
import signal
import sys

from boot.child import fork_child
from boot.cleanliness import Cleanliness
from boot.container import INPUT_PATH, IS_CPYTHON, OUT_FOLDER, SCRIPT_PATH, set_dumpable
from boot.incoming import expect_somebody, read_header, receive_file
from boot.out_files import hand_over, has_files
from boot.quick_end import keep_what_is_there, watch_modules
from boot.relay import Relay
from boot.usage import Usage


class Supervisor:
    def __init__(self):
        set_dumpable(0)
        # Process 1 is sent no signal that it does not handle; this one only wakes it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.woken, self.wake = os.pipe()
        os.set_blocking(self.wake, False)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        # So that the end of the connection is seen while nobody reads.
        for descriptor in (1, 2):
            os.set_blocking(descriptor, False)
        os.chmod('/runner', 0o700)
        self.is_known = False
        self.relay, self.usage, self.cleanliness = Relay(self.woken), Usage(), Cleanliness()

    def serve(self):
        """One job. Whether the container may take another; None in the child, when it has run its script."""
        os.mkdir(OUT_FOLDER, 0o777)
        child, start, streams = fork_child((self.woken, self.wake))
        if child == 0:
            return None
        self.say_ready()
        nonce, script_bytes, input_bytes, keep, *bounds = read_header()
        receive_file(SCRIPT_PATH, int(script_bytes))
        receive_file(INPUT_PATH, int(input_bytes))
        os.write(start, b'.')
        os.close(start)
        exit_code, child_peak = self.relay.wait_for(child, streams)
        end_everything()
        self.relay.pass_on_rest(streams)
        told = self.say_end(nonce, exit_code, child_peak, [int(bound) for bound in bounds])
        if keep != b'1':
            # The end of a container takes Docker longer than the script took. Whoever was told comes first, and leaves then.
            while os.read(0, 4096):
                pass
            return False
        if not told and not os.read(0, 1):
            os._exit(0)
        return self.cleanliness.is_restored()

    def say_ready(self):
        python = '%s-%d.%d %s' % (sys.implementation.name, *sys.version_info[:2], sys.version.split()[0].rstrip('+'))
        os.write(1, b'\0ready ' + python.encode() + b'\n')
        if not self.is_known:
            expect_somebody()
            self.is_known = True

    def say_end(self, nonce, exit_code, child_peak, bounds):
        """The last word on both streams, and the files. What was heard meanwhile."""
        kills, peak = self.usage.of_run(child_peak)
        files = has_files()
        blocking = [os.get_blocking(descriptor) for descriptor in (1, 2)]
        for descriptor in (2, 1):
            os.set_blocking(descriptor, True)
            os.write(descriptor, b'\0%s %d %d %d %d\n' % (nonce, exit_code, kills, peak, files))
        told = hand_over(self.relay, bounds) if files else []
        for descriptor, was in zip((1, 2), blocking):
            os.set_blocking(descriptor, was)
        return told


def end_everything():
    """Nothing may write after the last word."""
    try:
        while True:
            os.kill(-1, signal.SIGKILL)
            os.waitpid(-1, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


expect_somebody()
supervisor = Supervisor()
if IS_CPYTHON:
    watching = watch_modules() if sys.version_info >= (3, 12) else None
    keep_what_is_there()
while (clean := supervisor.serve()) is not None:
    if not clean:
        os._exit(0)
