"""Child processes that do not outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A preexec function: the kernel sends `number` to the child when its parent dies (Linux).

    Elsewhere None: there the next start finds and stops what was left.
    """
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None, use_errno=True)  # looked up before the fork
    parent = os.getpid()

    def ask() -> None:
        # A shell that starts us in the background has us ignore SIGQUIT, and so our children.
        signal.signal(number, signal.SIG_DFL)
        library.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), number)

    return ask


def is_alive(pid: int, word: str) -> bool:
    """True if process `pid` runs and `word` is in its command line (a number may be reused)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        parts = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return sys.platform != "linux"
    return word.encode() in parts
