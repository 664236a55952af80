"""Writes the cases to a folder: one file for each theme, the policies, the schemas, the coverage and a manifest.

The same library and the same policies give the same bytes: nothing of the machine or the clock is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path

from subsidy import __version__
from subsidy.model.canonical import canonical
from subsidy.model.errors import InputError
from subsidy.policy.loading import CLASSIFICATION, FILES
from subsidy.testing.conformance.built import build_theme
from subsidy.testing.conformance.case import AMOUNTS, COLUMNS, Row
from subsidy.testing.conformance.clauses import CLAUSES
from subsidy.testing.conformance.coverage import Coverage
from subsidy.testing.conformance.source import Source, default_sources
from subsidy.testing.conformance.themes import THEMES

__all__ = ["FORM", "MANIFEST", "VERSION", "export_cases", "read_manifest"]

FORM = "subsidy.cases/1"
VERSION = "v1"
MANIFEST = "manifest.json"
_HERE = Path(__file__).parent
_WRITTEN_BY_HAND = ("README.md", "case.schema.json", "decisions.schema.json")


def export_cases(folder: str | Path, sources: Iterable[Source] | None = None) -> Row:
    """Write the conformance cases into the folder ``v1`` of a folder.

    Parameters
    ----------
    folder : path
        Made where it is missing. An earlier export in it is replaced.
    sources : iterable of Source, optional
        The policies; left out: `default_sources`.

    Returns
    -------
    dict
        The manifest: counts, policies with fingerprints, sentences, and the hash of each file.

    Raises
    ------
    InputError
        If the folder holds a ``v1`` that is no export.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from subsidy.testing.conformance import source_of
    >>> from subsidy.testing.conformance.source import shared_file
    >>> with TemporaryDirectory() as folder:
    ...     manifest = export_cases(folder, [source_of("yunshan", shared_file("yunshan"))])
    >>> [theme["name"] for theme in manifest["themes"]]
    ['grid', 'dates', 'reasons', 'forms', 'history', 'known_on', 'confidence']
    """
    several = default_sources() if sources is None else list(sources)
    place = Path(folder) / VERSION
    _clear(place)
    files = _Files(place)
    for source in several:
        _write_policy(files, source)
    coverage = Coverage(several)
    themes = [_write_theme(files, theme, several, coverage) for theme in THEMES]
    files.write("coverage.json", _pretty(coverage.summary()))
    files.write("cells.csv", _table(coverage.grid()))
    for name in _WRITTEN_BY_HAND:
        files.write(name, (_HERE / name).read_bytes())
    manifest: Row = {
        "form": FORM,
        "library": f"subsidy {__version__}",
        "cases": sum(theme["cases"] for theme in themes),
        "claims": sum(theme["claims"] for theme in themes),
        "themes": themes,
        "policies": [_policy_facts(source) for source in several],
        "columns": [*COLUMNS, *AMOUNTS],
        "clauses": {name: clause._asdict() for name, clause in CLAUSES.items()},
        "files": files.written,
    }
    (place / MANIFEST).write_bytes(_pretty(manifest))
    return manifest


def _clear(place: Path) -> None:
    """Take the files of an earlier export away, and nothing else."""
    if not place.exists():
        return
    manifest = read_manifest(place)
    if manifest is None:
        if place.is_dir() and not any(place.iterdir()):
            return
        raise InputError(str(place), "something that is no export of cases", "a folder without v1, or an export")
    for name in [*(Path(file["path"]) for file in manifest["files"]), Path(MANIFEST)]:
        if not name.is_absolute() and ".." not in name.parts:
            (place / name).unlink(missing_ok=True)


def read_manifest(place: Path) -> Row | None:
    """Read the manifest of an export; None where there is none."""
    try:
        manifest: Row = json.loads((place / MANIFEST).read_bytes())
        ours = manifest["form"] == FORM and isinstance(manifest["files"], list) and isinstance(manifest["themes"], list)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if ours else None


class _Files:
    """The files of an export as they are written, with their hashes."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.written: list[Row] = []

    def write(self, name: str, content: bytes) -> None:
        file = self._place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.written.append({"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})


def _write_policy(files: _Files, source: Source) -> None:
    """Write the folder as it stands, and its canonical content: the SHA-256 of policy.json is the fingerprint."""
    for name in (*FILES, CLASSIFICATION):
        file = source.folder / name
        if file.is_file():
            files.write(f"policies/{source.name}/{name}", file.read_bytes())
    files.write(f"policies/{source.name}/policy.json", canonical(source.policy.content()))


def _policy_facts(source: Source) -> Row:
    return {
        "name": source.name,
        "folder": f"policies/{source.name}",
        "fingerprint": source.policy.fingerprint,
        "conditions": [*source.policy.vocabulary.conditions],
        "stands_for": {code: number for code, number in source.occupations.items() if number > 1},
    }


def _write_theme(files: _Files, theme: str, sources: list[Source], coverage: Coverage) -> Row:
    lines, claims = [], 0
    for case in build_theme(theme, sources):
        lines.append(canonical(case.line) + b"\n")
        claims += len(case.line["claims"])
        coverage.add(case)
    name = f"{theme}.jsonl"
    files.write(name, b"".join(lines))
    return {"name": theme, "file": name, "cases": len(lines), "claims": claims}


def _pretty(value: Row) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _table(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*rows[0]], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
