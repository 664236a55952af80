"""Write data/schemas again after a change of the format: python -m tests.policy.write_schemas."""

from __future__ import annotations

import json

from subsidy.policy.loading import schemas
from tests.policy.support import PACKAGED


def written() -> dict[str, str]:
    """Give the text of each schema file by its name."""
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in schemas().items()}


if __name__ == "__main__":
    (PACKAGED / "schemas").mkdir(exist_ok=True)
    for name, text in written().items():
        (PACKAGED / "schemas" / name).write_text(text, encoding="utf-8", newline="\n")
