"""How far a run is: a bar with rate and time left on standard error, where that is a terminal."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from subsidy.cli.language import Both, Lang
from subsidy.io.deciding import Progress, Stage, silent

__all__ = ["ending_on_signals", "shown_progress"]

_STAGES: dict[Stage, Both] = {
    "read": Both("读取", "Reading"),
    "decide": Both("核定", "Deciding"),
    "write": Both("写入", "Writing"),
}
_A_SECOND = 4


@contextmanager
def shown_progress(lang: Lang) -> Iterator[Progress]:
    """Give what shows progress to people; to files and pipes nothing is shown."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield silent
        return
    # rich takes a while to import, so it isn't where nobody sees it.
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rows(ProgressColumn):
        """Rows done, and how many a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            rate = "" if not speed else Both(f"，每秒 {speed:,.0f}", f", {speed:,.0f}/s").text(lang)
            done = int(task.completed)
            return Text(Both(f"{done:,} 行{rate}", f"{done:,} rows{rate}").text(lang))

    console = Console(file=sys.stderr, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(20), Rows(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True, refresh_per_second=_A_SECOND) as bars:
        tasks: dict[Stage, int] = {}

        def tell(stage: Stage, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES[stage].text(lang), total=None)
            # A stage of one step shows that it goes on, since nobody knows how far it is.
            known = None if stage == "decide" and not done else total
            bars.update(bars.task_ids[tasks[stage]], completed=done, total=known)

        yield tell


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the run as Ctrl-C does, so that what was begun is removed."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # nohup asks to go on
            signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
