"""Commands and groups in two languages: help, the options that every command takes, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from subsidy.cli.failures import Failure, found_expected
from subsidy.cli.language import Both, Lang
from subsidy.cli.values import CONFIDENCE, DAY, LANG, Value
from subsidy.model.text import nearest, shown
from subsidy.model.words import Confidence

if TYPE_CHECKING:
    from subsidy.cli.pages import Page
    from subsidy.policy.policy import Policy

__all__ = ["Argument", "Command", "Group", "Option", "Settings"]

HELP_NAMES = ("-h", "--help")


@dataclass(frozen=True)
class Settings:
    """What the options that every command takes come to, given before the command or behind it."""

    lang: Lang
    policy: str | None = None
    known_on: date | None = None
    minimum_confidence: Confidence | None = None
    as_json: bool = False

    def load(self, folder: str | None = None) -> Policy:
        """Load the policy that is asked for, as known on the day that is asked for."""
        from subsidy.policy.loading import load_policy  # help needs no policy

        if self.policy == "":
            raise found_expected("--policy", "''", Both("政策文件夹", "a policy folder"))
        policy = load_policy(self.policy if folder is None else folder, minimum_confidence=self.minimum_confidence)
        return policy if self.known_on is None else policy.as_known_on(self.known_on)

    def page(self) -> Page:
        """Make a page for people."""
        from subsidy.cli.pages import Page  # programs need no rich

        return Page(self.lang)


class Option(click.Option):
    """An option with its help in both languages."""

    def __init__(self, *names: str, says: Both, common: bool = False, **more: Any) -> None:
        super().__init__(list(names), **more)
        self.says = says
        self.common = common

    def left(self, lang: Lang) -> str:
        """Give what stands left of the help: names and what stands for the value."""
        metavar = self.type.metavar if isinstance(self.type, Value) else Both("文本", "TEXT")
        if self.metavar:
            metavar = Both(self.metavar, self.metavar)
        names = ", ".join(self.opts)
        return names if self.is_flag else f"{names} {metavar.text(lang)}"


class Argument(click.Argument):
    """An argument with its help in both languages."""

    def __init__(self, name: str, *, says: Both, **more: Any) -> None:
        super().__init__([name], **more)
        self.says = says

    def left(self) -> str:
        """Give what stands for it in help."""
        name = self.metavar or self.opts[0].upper()
        return name if self.required else f"[{name}]"


def common_options() -> list[click.Parameter]:
    """Make the options that every command takes."""
    return [
        Option(
            "--policy",
            metavar="DIR",
            type=click.Path(),
            common=True,
            says=Both("政策文件夹；默认为随附的政策", "the policy folder; left out: the packaged one"),
        ),
        Option(
            "--known-on",
            type=DAY,
            common=True,
            says=Both("只用该日及以前公布的文本", "only texts published by this day"),
        ),
        Option(
            "--minimum-confidence",
            type=CONFIDENCE,
            common=True,
            says=Both(
                "official、secondary 或 assumed；依据更弱的金额不作核定",
                "official, secondary or assumed; amounts on weaker texts are left undetermined",
            ),
        ),
        Option("--json", "as_json", is_flag=True, common=True, says=Both("以 JSON 输出", "print JSON")),
        Option(
            "--lang",
            type=LANG,
            common=True,
            says=Both("输出语言；默认依 LC_ALL、LANG", "language of the output; left out: as LC_ALL or LANG says"),
        ),
        Option(
            "--traceback",
            is_flag=True,
            common=True,
            says=Both("内部错误时显示调用栈", "show the traceback of an internal error"),
        ),
    ]


_COMMON = ("policy", "known_on", "minimum_confidence", "as_json", "lang", "traceback")


class _Bilingual(click.Command):
    """What commands and groups have in common."""

    def __init__(self, name: str, lang: Lang, says: Both, params: Sequence[click.Parameter], **more: Any) -> None:
        settings = {"help_option_names": [*HELP_NAMES], "allow_extra_args": True}
        super().__init__(name, params=[*params, *common_options()], context_settings=settings, **more)
        self.lang: Lang = lang
        self.says = says

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language of the call."""
        from subsidy.cli.helping import help_lines  # helping knows commands

        formatter.write("\n".join(help_lines(self, ctx, formatter.width)) + "\n")

    def get_short_help_str(self, limit: int = 45) -> str:
        """Give the first sentence of the help, as shells show it beside a completion."""
        return self.says.text(self.lang).partition("\n")[0]

    def examples(self) -> Sequence[str]:
        """Give calls that help shows."""
        return ()


class Command(_Bilingual):
    """A command.

    What it runs is named ``module:function``, and imported only then, so that help is quick. It takes
    the settings and the command's own parameters, and gives the exit code.
    """

    def __init__(
        self,
        name: str,
        lang: Lang,
        says: Both,
        run: str,
        params: Sequence[click.Parameter] = (),
        examples: Sequence[str] = (),
    ) -> None:
        super().__init__(name, lang, says, params)
        self.run_by = run
        self._examples = examples

    def examples(self) -> Sequence[str]:
        """Give calls that help shows."""
        return self._examples

    def invoke(self, ctx: click.Context) -> int:
        """Run the command."""
        if ctx.args:
            extra = shown(ctx.args[0])
            raise Failure(
                Both(
                    f"{ctx.command_path}：多余的参数 {extra}",
                    f"{ctx.command_path}: unexpected argument {extra}",
                )
            )
        own = {name: value for name, value in ctx.params.items() if name not in _COMMON}
        module, _, function = self.run_by.partition(":")
        run: Callable[..., int] = getattr(import_module(f"subsidy.cli.{module}"), function)
        return run(_settings(ctx, self.lang), **own)


def _settings(ctx: click.Context, lang: Lang) -> Settings:
    """Take each common option from the command, else from the groups before it."""
    found: dict[str, Any] = {}
    level: click.Context | None = ctx
    while level is not None:
        for name in _COMMON:
            if found.get(name) in (None, False):
                found[name] = level.params.get(name)
        level = level.parent
    wanted = found["minimum_confidence"]
    return Settings(
        lang=lang,
        policy=found["policy"],
        known_on=found["known_on"],
        minimum_confidence=None if wanted is None else Confidence(wanted),
        as_json=bool(found["as_json"]),
    )


class Group(_Bilingual, click.Group):
    """A group whose commands are made only when they are asked for."""

    def __init__(
        self,
        name: str,
        lang: Lang,
        says: Both,
        makers: Mapping[str, Callable[[Lang], click.Command]],
        params: Sequence[click.Parameter] = (),
    ) -> None:
        super().__init__(name, lang, says, params, invoke_without_command=True, callback=self._without_command)
        self.makers = makers

    @staticmethod
    @click.pass_context
    def _without_command(ctx: click.Context, /, **_: Any) -> None:
        """Show the help as an error where no command was named; 0 would say that something is payable."""
        if ctx.invoked_subcommand is None:
            text = ctx.get_help()
            raise Failure(Both(text, text))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of the commands, in the order in which they help most."""
        return list(self.makers)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make a command."""
        make = self.makers.get(cmd_name)
        return None if make is None else make(self.lang)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; say which is nearest where there is none."""
        if args[0] not in self.makers and not ctx.resilient_parsing:
            names = Both(f"以下命令之一：{'、'.join(self.makers)}", f"one of {', '.join(self.makers)}")
            raise found_expected(ctx.command_path, shown(args[0]), names, nearest(args[0], self.makers))
        return super().resolve_command(ctx, args)
