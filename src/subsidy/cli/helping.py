"""The text of ``--help``, in the language of the call and with Chinese aligned."""

from __future__ import annotations

import click

from subsidy.cli.commands import Argument, Group, Option, _Bilingual
from subsidy.cli.language import Both, Lang
from subsidy.cli.wrapping import columns, wrap

__all__ = ["help_lines"]

_COLON = Both("：", ":")
_GAP = Both("：", ": ")
_USAGE = Both("用法", "Usage")
_ARGUMENTS = Both("参数", "Arguments")
_OPTIONS = Both("选项", "Options")
_COMMON = Both("通用选项（也可放在命令之前）", "Common options (also before the command)")
_COMMANDS = Both("命令", "Commands")
_EXAMPLES = Both("示例", "Examples")
_HELP = Both("显示本帮助", "show this help")
_REQUIRED = Both("（必填）", " (required)")


def help_lines(command: _Bilingual, ctx: click.Context, width: int) -> list[str]:
    """Give the lines of a command's help, none wider than ``width`` cells."""
    lang = command.lang
    lines = [_usage(command, ctx), ""]
    for paragraph in command.says.text(lang).split("\n"):
        lines += [f"  {line}".rstrip() for line in wrap(paragraph, width - 2)]
    own, common = _options(command, lang)
    arguments = [one for one in command.params if isinstance(one, Argument)]
    sections = [
        (_ARGUMENTS, [(one.left(), one.says.text(lang)) for one in arguments]),
        (_COMMANDS, _commands(command, ctx)),
        (_OPTIONS, own),
        (_COMMON, common),
    ]
    for title, rows in sections:
        if rows:
            lines += ["", title.text(lang) + _COLON.text(lang), *columns(rows, width)]
    if command.examples():
        lines += ["", _EXAMPLES.text(lang) + _COLON.text(lang)]
        lines += [f"  {example}" for example in command.examples()]
    return lines


def _usage(command: _Bilingual, ctx: click.Context) -> str:
    pieces = [one.left() for one in command.params if isinstance(one, Argument)]
    options = Both("[选项]", "[OPTIONS]").text(command.lang)
    if isinstance(command, Group):
        pieces.append(Both("命令 [参数]...", "COMMAND [ARGS]...").text(command.lang))
    return " ".join([_USAGE.text(command.lang) + _GAP.text(command.lang) + ctx.command_path, options, *pieces])


def _options(command: _Bilingual, lang: Lang) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    for option in command.params:
        if isinstance(option, Option) and not option.hidden:
            says = option.says.text(lang) + (_REQUIRED.text(lang) if option.required else "")
            (common if option.common else own).append((option.left(lang), says))
    common.append(("-h, --help", _HELP.text(lang)))
    return own, common


def _commands(command: _Bilingual, ctx: click.Context) -> list[tuple[str, str]]:
    if not isinstance(command, Group):
        return []
    found = [(name, command.get_command(ctx, name)) for name in command.list_commands(ctx)]
    return [(name, made.get_short_help_str()) for name, made in found if made is not None]
