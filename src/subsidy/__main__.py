"""``python -m subsidy`` is the command line ``subsidy``."""

from __future__ import annotations

from subsidy.cli import main

if __name__ == "__main__":
    main()
