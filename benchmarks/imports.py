"""`import subsidy` beside `import pydantic` alone, as whole processes."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.timing import Timed, side_by_side


def _start(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def run() -> dict[str, Timed]:
    """Time processes that do nothing but import."""
    works = {
        "python, no import": lambda: _start("pass"),
        "import pydantic": lambda: _start("import pydantic"),
        "from pydantic import BaseModel": lambda: _start("from pydantic import BaseModel"),
        "import subsidy": lambda: _start("import subsidy"),
        "from subsidy import assess": lambda: _start("from subsidy import assess"),
    }
    return side_by_side(works, seconds=0.5)
