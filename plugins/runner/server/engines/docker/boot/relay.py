"""Passes on what a child writes, and sees its end: all that process 1 does while a
script runs."""
import os
import select

from boot.incoming import read_into

# What goes on at once.
CHUNK_BYTES = 65536
# How soon after little of it more does.
PACE_MS = 3


class Relay:
    def __init__(self, woken):
        """`woken` can be read when a signal came, such as that of a child's end."""
        self.woken = woken
        self.passing, self.passed = bytearray(CHUNK_BYTES), 0

    def wait_for(self, child, streams, heard=None):
        """The exit code of the child and the most memory that it had. Passes on what it writes meanwhile. Where something may be
        said meanwhile, it is in `heard`; else only the end is."""
        open_streams, resting = dict(streams), False
        while True:
            poll = select.poll()
            for descriptor in (0, self.woken) if resting else (0, self.woken, *open_streams):
                poll.register(descriptor, select.POLLIN | select.POLLHUP)
            ready = [descriptor for descriptor, _ in poll.poll(PACE_MS if resting else None)]
            if 0 in ready:
                if heard is None or not (said := os.read(0, 1)):
                    os._exit(0)
                heard.append(said)
            if self.woken in ready:
                os.read(self.woken, 4096)
                ended = reap(child)
                if ended:
                    return ended
            resting = False
            for read in [each for each in open_streams if each in ready]:
                count = self.pass_on(read, open_streams[read])
                if count == 0:
                    del open_streams[read]
                # Little that came at once: more of that kind may follow, and goes on together. Each message costs all on its way.
                resting = resting or 0 < count < CHUNK_BYTES

    def pass_on(self, read, descriptor):
        """What can be read at once; how many bytes that was, 0 at the end, -1 where there is nothing and somebody may still write."""
        try:
            count = read_into(read, self.passing)
        except BlockingIOError:
            return -1
        self.passed = max(self.passed, count)
        view = memoryview(self.passing)[:count]
        while view:
            try:
                view = view[os.write(descriptor, view) :]
            except BlockingIOError:
                wait_until_writable(descriptor)
            except BrokenPipeError:
                os._exit(0)
        return count

    def pass_on_rest(self, streams):
        """When nobody is left who could write, though a pipe may still be open: in a socket that holds itself."""
        for read, descriptor in streams.items():
            while self.pass_on(read, descriptor) > 0:
                pass
            os.close(read)
        # The next child is forked from this memory.
        self.passing[: self.passed], self.passed = bytes(self.passed), 0


def reap(child):
    """What `wait_for` returns, once the child has ended; takes whatever else has ended too."""
    while True:
        pid, status, usage = os.wait4(-1, os.WNOHANG)
        if pid == child:
            return os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024
        if pid == 0:
            return None


def wait_until_writable(descriptor):
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    poll.register(0, select.POLLIN | select.POLLHUP)
    if any(ready == 0 for ready, _ in poll.poll()):
        os._exit(0)
