"""All that `check` says of every small fault and of two whole folders, read line by line as who mends a folder would.

After a change on purpose: run this module with UPDATE_GOLDEN=1 in the environment, then read the difference.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from subsidy.engine.findings import check_folder
from subsidy.policy.loading import packaged_folder
from tests.cases_io import HERE
from tests.engine.faulty_policies import FAULTS, GOLDEN, said
from tests.engine.sound_policy import TODAY, write

FOLDERS = [packaged_folder(), HERE / "policies" / "yunshan"]


def compare(file: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("code", sorted({fault.code for fault in FAULTS}))
def test_what_is_said_of_a_fault(code: str, tmp_path: Path) -> None:
    text = ""
    for number, fault in enumerate(fault for fault in FAULTS if fault.code == code):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder, fault.edits)
        text += f"# {fault.name}\n" + "".join(said(finding) for finding in check_folder(folder, today=TODAY))
    compare(GOLDEN / f"{code}.txt", text)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_said_of_a_folder(folder: Path) -> None:
    findings = check_folder(folder, today=date(2025, 11, 24))
    compare(GOLDEN / f"{folder.name}.txt", "".join(said(finding) for finding in findings))


def test_no_golden_file_is_left_over() -> None:
    names = {fault.code for fault in FAULTS} | {folder.name for folder in FOLDERS}
    assert {file.stem for file in GOLDEN.iterdir()} == names
