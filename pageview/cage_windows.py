"""The cage of Windows, from its documentation: a job that holds one process and bounds its memory.

There is no lock for files and network in it, which `Doors` says.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from typing import Any

ACTIVE_PROCESS, PROCESS_MEMORY = 0x0008, 0x0100
DIE_ON_UNHANDLED_EXCEPTION, KILL_ON_JOB_CLOSE = 0x0400, 0x2000
EVERY_UI_RESTRICTION = 0xFF
UI_RESTRICTIONS_CLASS, EXTENDED_LIMIT_CLASS = 4, 9
PROCESS_TERMINATE, PROCESS_SET_QUOTA = 0x0001, 0x0100


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = [
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", wintypes.DWORD),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority", wintypes.DWORD),
        ("scheduling", wintypes.DWORD),
    ]


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = [
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    ]


class Job:
    """A job around a process; closing it ends the process. OSError when Windows refuses."""

    _handle: Any
    _close: Any

    def __init__(self, process_id: int, memory: int) -> None:
        if sys.platform != "win32":
            raise OSError("jobs are of Windows")
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.OpenProcess.restype = wintypes.HANDLE
        self._close = kernel.CloseHandle
        self._close.argtypes = [wintypes.HANDLE]
        self._handle = kernel.CreateJobObjectW(None, None)
        limits = ExtendedLimits(process_memory=memory)
        limits.basic.flags = ACTIVE_PROCESS | PROCESS_MEMORY | DIE_ON_UNHANDLED_EXCEPTION | KILL_ON_JOB_CLOSE
        limits.basic.processes = 1
        restrictions = wintypes.DWORD(EVERY_UI_RESTRICTION)
        process = kernel.OpenProcess(PROCESS_TERMINATE | PROCESS_SET_QUOTA, False, process_id)
        job, owned = wintypes.HANDLE(self._handle), wintypes.HANDLE(process)
        set_information = kernel.SetInformationJobObject
        done = (
            self._handle
            and process
            and set_information(job, EXTENDED_LIMIT_CLASS, ctypes.byref(limits), ctypes.sizeof(limits))
            and set_information(job, UI_RESTRICTIONS_CLASS, ctypes.byref(restrictions), 4)
            and kernel.AssignProcessToJobObject(job, owned)
        )
        error = ctypes.get_last_error()
        if process:
            self._close(owned)
        if not done:
            self.close()
            raise OSError(error, "no job could be put around the render process")

    def close(self) -> None:
        """Ends the process if it lives, and the job."""
        if self._handle:
            self._close(self._handle)
            self._handle = None
