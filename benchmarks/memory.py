"""The memory that one work needs, in a process of its own: python -m benchmarks.memory WORK FILE."""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from pyarrow import feather

from benchmarks.claims_made import as_frame
from benchmarks.measured import UNIT

__all__ = ["Memory", "of_work"]

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Memory(NamedTuple):
    """MiB resident: with the claims in the form that the work starts from, and at most while it ran."""

    held: float
    peak: float


def of_work(name: str, file: Path) -> Memory:
    """Run a work once in a fresh process on the claims of a file."""
    command = [sys.executable, "-m", "benchmarks.memory", name, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Memory(**json.loads(done.stdout.splitlines()[-1]))


def _resident(which: str) -> float:
    for line in _STATUS.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{which}:"):
            return int(line.split()[1]) / 2**10
    raise AssertionError(which)


def _measured(name: str, file: Path) -> Memory:
    from benchmarks.batch_works import WORKS, Given

    given: Any = Given(as_frame(feather.read_table(file, memory_map=False)), file.parent)
    work = WORKS[name].make(given)
    del given  # what the work doesn't need may go
    gc.collect()
    if not _RESET.exists():
        work()
        return Memory(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 2**20)
    _RESET.write_text("5", encoding="utf-8")  # forget the peak so far
    held = _resident("VmRSS")
    result = work()
    peak = _resident("VmHWM")
    del result
    return Memory(held, peak)


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], Path(sys.argv[2]))._asdict()))
