"""Asks every check of a policy folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from subsidy.engine.findings import amounts, entries, rates, rules, texts
from subsidy.engine.findings.folder import Finding, Folder

__all__ = ["check_folder"]

_CHECKS = (
    texts.gaps,
    texts.overlaps,
    texts.incomplete,
    texts.sources,
    texts.names,
    texts.unverified,
    entries.repeated,
    entries.entries,
    entries.directory_marks,
    rates.rows,
    rates.categories,
    rates.own_amounts,
    amounts.amounts,
    rules.uplifts,
    rules.tags,
    rules.unasked,
    rules.limits,
)


def check_folder(folder: Path, *, today: date) -> list[Finding]:
    """Say what is odd, missing, assumed or unsourced in a policy folder.

    Parameters
    ----------
    folder : Path
        A policy folder.
    today : date
        The day against which open texts are held: whether they govern now, and when somebody last looked.

    Returns
    -------
    list of Finding
        In the order of files, lines and columns; empty where there is nothing to say.

    Raises
    ------
    PolicyError
        If the folder can't be used; it names every problem.

    Examples
    --------
    >>> from subsidy.policy.loading import packaged_folder
    >>> findings = check_folder(packaged_folder(), today=date(2025, 1, 1))
    >>> sorted({finding.severity for finding in findings})
    ['info', 'warning']
    """
    under_check = Folder.load(Path(folder), today)
    found = (finding for check in _CHECKS for finding in check(under_check))
    return sorted(found, key=lambda one: (one.file, one.line, one.column, one.code))
