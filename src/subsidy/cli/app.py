"""The command ``subsidy`` itself: its commands, and the guard that turns every failure into one message."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, cast

import click
from click.shell_completion import shell_complete

from subsidy import __version__
from subsidy.cli.commands import Group, Option
from subsidy.cli.declared import COMMANDS
from subsidy.cli.failures import INTERNAL, INTERRUPTED, PAID, PIPE_CLOSED, UNUSABLE, Failure, scrubbed
from subsidy.cli.language import Both, Lang, chosen
from subsidy.cli.usage import usage_message
from subsidy.io.said import FileError
from subsidy.model.errors import SubsidyError
from subsidy.policy.problems import PolicyError

__all__ = ["app", "main"]

NAME = "subsidy"
_PACKAGE = Path(__file__).parent.parent
_COMPLETE = "_SUBSIDY_COMPLETE"
_TRACEBACK = "SUBSIDY_TRACEBACK"

_SAYS = Both(
    "核定职业技能证书补贴：是否应发、金额多少、依据为何。\n"
    "\n"
    "退出码：0 予以核定或已完成；1 不予核定、暂无法核定或有发现；2 输入或政策无法使用。",
    "Decide vocational certificate subsidies: whether payable, how much, and why.\n"
    "\n"
    "Exit codes: 0 payable or done; 1 refused, undetermined or findings; 2 unusable input or policy.",
)


def root(lang: Lang) -> Group:
    """Make the group of all commands in one language."""
    version = Option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_version,
        says=Both("显示版本", "show the version"),
    )
    return Group(NAME, lang, _SAYS, COMMANDS, [version])


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"{NAME} {__version__}")
        ctx.exit(PAID)


class _App(click.Command):
    """What an entry point calls; the commands are made when the language is known."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **_: Any) -> NoReturn:  # type: ignore[override]
        """Run one call of the command line and exit."""
        arguments = [*sys.argv[1:]] if args is None else [*args]
        sys.exit(_guarded(arguments, chosen(arguments, os.environ)))


app = _App(NAME)


def main() -> NoReturn:
    """Run the command line; the entry point of ``subsidy`` and ``python -m subsidy``."""
    app.main()


def _guarded(arguments: list[str], lang: Lang) -> int:
    """Run a call and give its exit code; whatever goes wrong becomes one message on standard error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        code = _run(arguments, lang)
        sys.stdout.flush()
    except BrokenPipeError:
        return _pipe_closed()
    except (KeyboardInterrupt, click.Abort) as stop:
        _let_go(stop)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the last guard: no traceback ever reaches a user who didn't ask for it)
        if _was_stopped(error):
            _let_go(error)
            return INTERRUPTED
        text, code = _explained(error, lang)
        if code == INTERNAL and ("--traceback" in arguments or os.environ.get(_TRACEBACK)):
            text = "".join(traceback.format_exception(error)) + text
        _complain(text)
    return code


def _was_stopped(error: BaseException | None) -> bool:
    """Say whether an error only came of clearing up behind an interruption, as of an archive that is half written."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _let_go(error: BaseException | None) -> None:
    """Let go of what was begun, in silence: an archive that is half written complains when it is thrown away."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        while error is not None:
            traceback.clear_frames(error.__traceback__)
            error = error.__cause__ or error.__context__
    finally:
        sys.unraisablehook = hook


def _run(arguments: list[str], lang: Lang) -> int:
    command = root(lang)
    wanted = os.environ.get(_COMPLETE)
    if wanted:
        return shell_complete(command, {}, NAME, _COMPLETE, wanted)
    try:
        with command.make_context(NAME, arguments) as context:
            return cast(int, command.invoke(context))
    except click.exceptions.Exit as ended:
        return ended.exit_code


def _complain(text: str) -> None:
    with suppress(OSError):  # else nobody can be told
        print(scrubbed(text), file=sys.stderr, flush=True)


def _pipe_closed() -> int:
    """Let the reader go in silence; what is left in the buffer goes nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


def _explained(error: Exception, lang: Lang) -> tuple[str, int]:
    """Give the message and the exit code of what went wrong."""
    prefix = Both("错误：", "error: ").text(lang)
    match error:
        case Failure():
            # a help text that stands for an error, and places in files, begin their lines themselves
            text = error.text(lang)
            return (text if "\n" in text else prefix + text), error.code
        case click.ClickException():
            return prefix + usage_message(error).text(lang), UNUSABLE
        case SubsidyError():
            if isinstance(error, PolicyError):
                return error.message(lang), UNUSABLE
            if isinstance(error, FileError):
                return prefix + error.message(lang), UNUSABLE
            return prefix + str(error), UNUSABLE
        case _:
            return _internal(error).text(lang), INTERNAL


def _internal(error: Exception) -> Both:
    """Say where this program failed; never with the error's own text, which may hold a person's number."""
    place, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):  # whatever the folder around it is called
            place = f" (subsidy/{file.relative_to(_PACKAGE).as_posix()}:{trace.tb_lineno})"
        trace = trace.tb_next
    what = f"{type(error).__name__}{place}"
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.strerror}{place}"
    return Both(
        f"internal error: {what}；这是程序本身的错误。加 --traceback 再次运行可查看调用栈",
        f"internal error: {what}; this is a fault of the program. Run again with --traceback to see where",
    )
