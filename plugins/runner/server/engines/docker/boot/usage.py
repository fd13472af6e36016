"""What a run took of the container's memory, told apart from the runs before."""


class Usage:
    def __init__(self):
        self.kills = self.peak = 0

    def of_run(self, child_peak):
        """How often memory ran out, and the most that was in use."""
        kills_before, self.kills = self.kills, read_kills()
        # The mark of the container only ever rises; when this run did not raise it, the child's own is what is known.
        peak_before, self.peak = self.peak, read_peak()
        return self.kills - kills_before, self.peak if self.peak > peak_before else child_peak


def read_kills():
    return read_number(['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'], 'oom_kill')


def read_peak():
    return read_number(['/sys/fs/cgroup/memory.peak', '/sys/fs/cgroup/memory/memory.max_usage_in_bytes'])


def read_number(paths, key=None):
    """Of the first of these files that there is: version 2 of control groups or 1. 0 when neither says."""
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
