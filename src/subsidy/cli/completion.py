"""``subsidy completion``: the script that lets a shell complete commands and options."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import ShellComplete, get_completion_class

from subsidy.cli.commands import Settings
from subsidy.cli.failures import PAID, Failure
from subsidy.cli.language import Both
from subsidy.cli.values import SHELL

__all__ = ["run"]


def run(_: Settings, shell: str | None) -> int:
    """Print the script."""
    name = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(name) if name in SHELL.words else None
    if kind is None:
        raise Failure(
            Both(
                f"SHELL：现为 {name!r}，应为 bash、zsh 或 fish：subsidy completion bash",
                f"SHELL: found {name!r}, expected bash, zsh or fish: subsidy completion bash",
            )
        )
    # click's own method for bash starts a bash to ask for its version; the script is the same
    click.echo(ShellComplete.source(kind(click.Command("subsidy"), {}, "subsidy", "_SUBSIDY_COMPLETE")))
    return PAID
