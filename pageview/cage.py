"""The cage: what a render process gives up before it parses anything.

On Linux: Landlock (no file, no TCP, no signal leaves), seccomp (a short list of system calls, none of them
opens, connects, forks, executes or signals), resource limits and no_new_privs. On Windows the parent puts the
process into a job (``cage_windows``). Elsewhere: the resource limits that exist. What could not be shut is
reported, never hidden.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import msgspec

if sys.platform != "win32":
    import resource

ADDRESS_SPACE = 768 * 2**20
"""What a render process may map beside the papers and frames."""
PAPERS_ROOM = 1536 * 2**20
"""How far the parent may raise that for papers."""

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_RESTRICT_SELF = 446
LANDLOCK_VERSION = 1
F_DUPFD_CLOEXEC = 1030
PROT_EXEC = 4

# Numbers of file rights by Landlock version: 13 at first, then refer, truncate and device ioctl.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
FILE_RIGHTS_SINCE_5 = 16
TCP_BIND_AND_CONNECT = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

ALLOWED_CALLS = (
    *("read", "write", "readv", "writev", "pread64", "recvmsg", "recvfrom", "sendto"),
    *("lseek", "close", "fstat", "fstat64", "poll", "ppoll", "select", "pselect6"),
    *("munmap", "mremap", "madvise", "brk"),
    *("futex", "futex_waitv", "membarrier", "rseq", "set_robust_list", "sched_yield"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("clock_gettime", "clock_nanosleep", "gettimeofday", "nanosleep", "time"),
    *("getrandom", "getpid", "gettid", "getrusage", "exit", "exit_group"),
)


class Doors(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Which doors of a render process are shut."""

    files: bool
    network: bool
    processes: bool
    memory: bool
    privileges: bool
    landlock: int = 0
    """The Landlock version in force; 0: none."""
    seccomp: bool = False

    @property
    def all_shut(self) -> bool:
        """Whether nothing was left open."""
        return self.files and self.network and self.processes and self.memory and self.privileges

    def __str__(self) -> str:
        names = ("files", "network", "processes", "memory", "privileges")
        open_ones = [name for name in names if not getattr(self, name)]
        how = f"landlock {self.landlock}, seccomp {'on' if self.seccomp else 'off'}"
        return (
            f"render cage: {'all doors shut' if not open_ones else 'OPEN: ' + ', '.join(open_ones)} ({how})"
        )


def shut(mapped_bytes: int) -> Doors:
    """Shuts every door there is on this system, for good; ``mapped_bytes`` are mapped already.

    To be called with everything needed open and imported. Never raises: what failed is left open and said.
    """
    if sys.platform == "win32":
        return Doors(False, False, False, False, False)  # the parent adds what its job around this one holds
    # Made first: it loads a library, which neither the limits nor Landlock would let it.
    rules = _system_calls() if sys.platform == "linux" else None
    memory = _limit(mapped_bytes)
    if sys.platform != "linux":
        return Doors(False, False, False, memory, False)
    libc = ctypes.CDLL(None, use_errno=True)
    privileges = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    landlock = _landlock(libc)
    seccomp = _load(rules)
    return Doors(
        files=seccomp or landlock > 0,
        network=seccomp,
        processes=seccomp,
        memory=memory,
        privileges=privileges,
        landlock=landlock,
        seccomp=seccomp,
    )


def die_with_parent(parent: int) -> None:
    """Asks the system to kill this process when its parent is gone; for one that is gone already, ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent and sys.platform != "win32":
        os._exit(0)


def allow_papers(process_id: int, mapped_bytes: int) -> None:
    """The parent's part: raises the memory limit of a caged process by the papers that it is handed."""
    if sys.platform == "linux":
        try:
            _, hard = resource.prlimit(process_id, resource.RLIMIT_AS)
            resource.prlimit(process_id, resource.RLIMIT_AS, (min(hard, ADDRESS_SPACE + mapped_bytes), hard))
        except ProcessLookupError:
            return  # it died meanwhile, which its pipe will tell


def _limit(mapped_bytes: int) -> bool:
    space = ADDRESS_SPACE + mapped_bytes
    limits = [
        (resource.RLIMIT_CORE, (0, 0)),
        (resource.RLIMIT_FSIZE, (0, 0)),
        (resource.RLIMIT_NPROC, (0, 0)),
        (resource.RLIMIT_AS, (space, space + PAPERS_ROOM)),
    ]
    done = True
    for what, (soft, hard) in limits:
        _, present = resource.getrlimit(what)
        if present != resource.RLIM_INFINITY:
            soft, hard = min(soft, present), min(hard, present)
        try:
            resource.setrlimit(what, (soft, hard))
        except (ValueError, OSError):
            done = False
    return done


def _landlock(libc: ctypes.CDLL) -> int:
    """Refuses every file, TCP port, abstract socket and signal that this kernel's Landlock knows of."""
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    if version < 1:
        return 0
    rights = [(1 << FILE_RIGHTS.get(version, FILE_RIGHTS_SINCE_5)) - 1]
    if version >= 4:
        rights.append(TCP_BIND_AND_CONNECT)
    if version >= 6:
        rights.append(ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = (ctypes.c_uint64 * len(rights))(*rights)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    ruleset = libc.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    if ruleset < 0:
        return 0
    try:
        return int(version) if libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _system_calls() -> Any:
    """The filter of what a renderer needs; the rest fails with EPERM, and no new code can be mapped."""
    try:
        import pyseccomp
    except (ImportError, RuntimeError):  # RuntimeError: libseccomp is not on this machine
        return None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED_CALLS:
        if pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) >= 0:
            rules.add_rule(pyseccomp.ALLOW, name)
    not_executable = pyseccomp.Arg(2, pyseccomp.MASKED_EQ, PROT_EXEC, 0)
    rules.add_rule(pyseccomp.ALLOW, "mmap", not_executable)
    rules.add_rule(pyseccomp.ALLOW, "mprotect", not_executable)
    rules.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, F_DUPFD_CLOEXEC))
    return rules


def _load(rules: Any) -> bool:
    if rules is None:
        return False
    try:
        rules.load()
    except OSError:
        return False
    return True


def try_the_doors() -> dict[str, bool]:
    """Tries each door from inside: name → whether it was refused. For the caged process only."""

    def connect() -> None:
        with socket.socket() as attempt:
            attempt.connect(("127.0.0.1", 9))

    attempts: dict[str, Callable[[], object]] = {
        "open": lambda: os.close(os.open(sys.executable, os.O_RDONLY)),
        "list": lambda: os.listdir("/"),
        "socket": lambda: socket.socket().close(),
        "connect": connect,
        "fork": _fork,
        # A program that does not exist: the cage refuses before anybody looks for it.
        "exec": lambda: os.execv("/nonexistent", ["nonexistent"]),
        "kill": lambda: os.kill(os.getppid(), 0),
        "trace": _trace,
    }
    return {name: _refused(attempt) for name, attempt in attempts.items()}


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError as error:
        return error.errno in (errno.EPERM, errno.EACCES, errno.EAGAIN)
    except AttributeError:
        return False  # not a thing on this system, so nothing refused it
    return False


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _trace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    ptrace_attach, nobody = 16, 2**31 - 1
    if libc.ptrace(ptrace_attach, nobody, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
