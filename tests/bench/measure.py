"""Whole processes: wall time, processor time of all they started and waited for, peak memory."""

import os
import subprocess
import threading
import time
from pathlib import Path


def timed(command, environment, log):
    """Runs a command; its output goes to a file."""
    with open(log, "wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            start_new_session=True)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "exit": process.returncode,
        "output": Path(log).read_text(errors="replace"),
    }


def session_memory(session):
    """Bytes of all processes of a session, shared pages divided among those who share them."""
    total = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == session:
                for line in (entry / "smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1]) * 1024
        except (OSError, ProcessLookupError):
            continue
    return total


def peak_memory(command, environment):
    """The most memory a command and all below it hold at once: in a run of its own, since looking takes time."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True)
    peak = 0
    done = threading.Event()
    threading.Thread(target=lambda: (process.wait(), done.set()), daemon=True).start()
    while not done.wait(0.03):
        peak = max(peak, session_memory(process.pid))
    return peak
