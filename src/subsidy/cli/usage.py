"""What click says of arguments that don't fit, in our words and both languages."""

from __future__ import annotations

import click

from subsidy.cli.commands import Argument
from subsidy.cli.language import Both
from subsidy.cli.values import Value

__all__ = ["usage_message"]


def usage_message(error: click.ClickException) -> Both:
    """Say in one line what doesn't fit and what would serve."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "subsidy"
    see = Both(f"；见 {path} --help", f"; see {path} --help")
    match error:
        case click.MissingParameter():
            return _missing(error.param, see)
        case click.NoSuchOption():
            near = error.possibilities[0] if error.possibilities else None
            hint = Both(f"；是否为 {near}？", f"; did you mean {near}?") if near else see
            return Both(
                f"{path}：没有选项 {error.option_name}{hint.zh}",
                f"{path}: no option {error.option_name}{hint.en}",
            )
        case click.BadOptionUsage():
            if "does not take" in error.message:
                return Both(f"{error.option_name}：该选项不带取值", f"{error.option_name}: takes no value")
            return Both(f"{error.option_name}：缺少取值", f"{error.option_name}: needs a value")
        case _:
            text = error.format_message()
            return Both(f"{path}：{text}", f"{path}: {text}")


def _missing(param: click.Parameter | None, see: Both) -> Both:
    if param is None:
        return Both(f"缺少参数{see.zh}", f"an argument is missing{see.en}")
    name = param.left() if isinstance(param, Argument) else param.opts[-1]
    kind = Both("参数", "argument") if isinstance(param, Argument) else Both("选项", "option")
    wanted = Both("", "")
    if isinstance(param.type, Value):
        wanted = Both(f"，应为{param.type.expected.zh}", f", expected {param.type.expected.en}")
    return Both(f"缺少{kind.zh} {name}{wanted.zh}{see.zh}", f"{kind.en} {name} is missing{wanted.en}{see.en}")
