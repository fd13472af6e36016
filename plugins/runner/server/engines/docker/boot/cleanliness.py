"""Whether a container may take another job: all that a script can change and that
the next would see is as it was. What it cannot reach is not here."""
import fcntl
import os
import resource

from boot.container import FOLDERS, IS_CPYTHON, LIBC

# Of the network namespace, which is the container's own: sockets, closed ones that still wait among them, and what was counted.
# Its settings are on a mount that cannot be written.
NETWORK = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6', 'icmp', 'icmp6', 'unix', 'packet', 'netlink']
NETWORK += ['dev', 'snmp', 'snmp6', 'netstat', 'arp', 'route', 'if_inet6', 'igmp', 'igmp6', 'mcfilter', 'mcfilter6']
# Kinds of bounds that Linux has.
LIMITS = 16
GET_PIPE_SIZE = 1032
IOPRIO_GET, IOPRIO_PROCESS = {'x86_64': 252, 'aarch64': 31}.get(os.uname().machine), 1


class Cleanliness:
    def __init__(self):
        """Remembers how things are. Another Python may not be able to look at all of it: then the container is for one job."""
        self.untouched = state() if IS_CPYTHON else None

    def is_restored(self):
        """Empties the folders, and looks whether all is as it was."""
        if self.untouched is None:
            return False
        try:
            os.chmod('/runner', 0o700)
            for folder in FOLDERS:
                empty(folder)
            return state() == self.untouched
        except (OSError, RecursionError):
            return False


def state():
    spaces = [os.statvfs(folder) for folder in FOLDERS]
    return [
        sorted(name for name in os.listdir('/proc') if name.isdigit()),
        [(space.f_bfree, space.f_ffree) for space in spaces],
        [(os.stat(folder).st_mode, os.listdir(folder), os.listxattr(folder)) for folder in FOLDERS],
        [stream_state(descriptor) for descriptor in (0, 1, 2)],
        [resource.getrlimit(limit) for limit in range(LIMITS)],
        (os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.sched_getparam(0), os.sched_getaffinity(0)),
        LIBC.syscall(IOPRIO_GET, IOPRIO_PROCESS, 0) if IOPRIO_GET else None,
        [count_lines('/proc/sysvipc/' + kind) for kind in ('shm', 'sem', 'msg')],
        [read_network(kind) for kind in NETWORK],
    ]


def stream_state(descriptor):
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL), fcntl.fcntl(descriptor, fcntl.F_GETOWN)
    try:
        return *flags, fcntl.fcntl(descriptor, GET_PIPE_SIZE)
    except OSError:
        return flags


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


def empty(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)
                empty(entry.path)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)
