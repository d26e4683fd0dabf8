"""How much memory this process uses."""

import os
import resource
import sys

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident_bytes() -> int:
    """Return the resident set size in bytes: the present one where the system tells it (Linux), else the peak."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def available_bytes() -> int:
    """Return how much memory this process may still take: what the system has available, or less where it is confined (a container's limit)."""
    found = [_meminfo(), _confined()]
    return min((one for one in found if one is not None), default=1 << 34)


def _meminfo() -> int | None:
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * _PAGE // 2
    except (ValueError, OSError, AttributeError):
        return None


def _confined() -> int | None:
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as limit, open("/sys/fs/cgroup/memory.current", encoding="ascii") as used:
            return max(0, int(limit.read()) - int(used.read()))
    except (OSError, ValueError):
        return None
