"""Run a command and print its seconds and its most resident memory in MiB, as JSON. Only the standard library.

Run as a process of its own: a command's peak counts from the process that starts it, so this one has to be small.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

UNIT = 2**20 if sys.platform == "darwin" else 2**10


def main() -> int:
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()[-2000:].decode("utf-8", "replace")
    _, status, used = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    print(
        json.dumps(
            {
                "code": code,
                "seconds": time.perf_counter() - start,
                "peak": used.ru_maxrss * UNIT / 2**20,
                "said": said,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
