"""From a recalculation to what its page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from subsidy.policy.policy import Policy
from subsidy.report.changing import changes_since
from subsidy.report.data import MOST_CHANGES, MOST_LARGEST, MOST_SAMPLE, ReportData, Row, Text, Totals
from subsidy.report.explaining import explain_adjustment, titles_of
from subsidy.report.gathering import By, bin_counts, slices
from subsidy.report.page import page

__all__ = ["PageMaker"]

if TYPE_CHECKING:
    import pandas as pd

    from subsidy.engine.recalculation.totals import Sums

Numbers: TypeAlias = NDArray[np.int64]
_TABLES: Final[tuple[By, ...]] = ("cause", "occupation", "category", "level", "month")


class PageMaker:
    """Makes the page of a recalculation, of adjustments that are shown to it in their order, in one part or many.

    Parameters
    ----------
    policy : Policy
        Under which it was decided.
    made_on : date
        The day that the page bears.
    lang : {"zh", "en"}
        The language that it opens in.
    """

    def __init__(self, policy: Policy, made_on: date, lang: str = "zh") -> None:
        self._policy, self._made_on, self._lang = policy, made_on, lang
        self._titles = titles_of(policy)
        self._names = {
            code: Text(title.zh or title.en, title.en or title.zh) for code, title in policy.vocabulary.titles.items()
        }
        self._seen = {"rows": 0, "caused": 0, "plain": 0, "undetermined": 0, "payment_without_claim": 0}
        self._sizes: tuple[int, ...] = ()
        self._largest: list[tuple[int, int, Row]] = []
        self._sample: list[Row] = []
        self._first_paid: date | None = None

    def begin(self, rows: int, caused: int) -> None:
        """Is told how many adjustments there will be, and how many of them have a cause."""
        some = _evenly(caused, MOST_SAMPLE)
        self._wanted = {True: some, False: _evenly(rows - caused, MOST_SAMPLE - len(some))}

    def see(self, adjustments: pa.Table) -> None:
        """Take in the next adjustments, as `subsidy.engine.recalculation.table.table_of` gives them."""
        fen = adjustments.column("adjustment_fen").to_numpy()
        cause = adjustments.column("cause")
        found = bin_counts(fen)
        self._sizes = tuple(map(sum, zip(self._sizes, found, strict=True))) if self._sizes else found
        self._keep_largest(adjustments, fen)
        self._keep_sample(adjustments, pc.is_valid(cause).to_numpy())
        for name in ("undetermined", "payment_without_claim"):
            self._seen[name] += pc.sum(pc.equal(cause, name)).as_py() or 0
        first = pc.min(adjustments.column("first_paid_on")).as_py()
        self._first_paid = min((day for day in (first, self._first_paid) if day is not None), default=None)
        self._seen["rows"] += len(fen)

    def _keep_largest(self, adjustments: pa.Table, fen: Numbers) -> None:
        size = np.abs(fen)
        order = np.argsort(-size, kind="stable")[:MOST_LARGEST]
        least = -self._largest[-1][0] if len(self._largest) == MOST_LARGEST else 0
        order = order[size[order] > least]
        rows = self._rows(adjustments, order)
        some = [
            (-int(size[row]), self._seen["rows"] + row, made) for row, made in zip(order.tolist(), rows, strict=True)
        ]
        self._largest = sorted([*self._largest, *some], key=lambda one: one[:2])[:MOST_LARGEST]

    def _keep_sample(self, adjustments: pa.Table, caused: NDArray[np.bool_]) -> None:
        places = []
        for name, kind in (("caused", True), ("plain", False)):
            own = np.flatnonzero(caused == kind)
            start, wanted = self._seen[name], self._wanted[kind]
            self._seen[name] += len(own)
            places.append(own[wanted[(wanted >= start) & (wanted < self._seen[name])] - start])
        self._sample += self._rows(adjustments, np.sort(np.concatenate(places)))

    def _rows(self, adjustments: pa.Table, places: Numbers) -> list[Row]:
        """Make rows with their explanations in both languages."""
        return [self._row(row) for row in adjustments.take(pa.array(places)).to_pylist()] if len(places) else []

    def _row(self, row: Mapping[str, Any]) -> Row:
        code = row["occupation"] or ""
        zh, en = (explain_adjustment(row, self._titles, lang) for lang in ("zh", "en"))
        return Row(
            claim_id=row["claim_id"] or "",
            person_id=row["person_id"] or "",
            occupation_code=code,
            occupation=self._names.get(code, Text(code, code)),
            level=row["level"] or "",
            paid_fen=row["paid_fen"],
            due_fen=row["due_fen"],
            cause=row["cause"],
            explanation=Text(*("\n".join(text.splitlines()[1:]) for text in (zh, en))),
        )

    def data(self, totals: Callable[[str], pd.DataFrame], run_id: str) -> ReportData:
        """Fill what the page shows, once all adjustments were seen.

        Parameters
        ----------
        totals : callable
            Gives their totals by cause, occupation, category, level and month.
        run_id : str
            The id of the run.
        """
        tables = {by: slices(_records(totals(by)), by, self._names) for by in _TABLES}
        whole = Totals()
        for line in tables["cause"]:
            whole = whole.plus(line.totals)
        changes = [] if self._first_paid is None else list(changes_since(self._policy, self._first_paid))
        return ReportData(
            run_id=run_id,
            policy_fingerprint=self._policy.fingerprint,
            known_on=self._policy.known_on,
            made_on=self._made_on,
            totals=whole,
            undetermined=self._seen["undetermined"],
            without_claim=self._seen["payment_without_claim"],
            by_cause=tables["cause"],
            by_occupation=tables["occupation"],
            by_category=tables["category"],
            by_level=tables["level"],
            by_month=tables["month"],
            differences=self._sizes,
            largest=tuple(row for *_, row in self._largest),
            sample=tuple(self._sample),
            changes=tuple(changes[:MOST_CHANGES]),
            changes_left_out=max(0, len(changes) - MOST_CHANGES),
            first_paid_on=self._first_paid,
        )

    def page(self, sums: Sums, run_id: str) -> str:
        """Give the page."""
        return page(self.data(sums.totals, run_id), self._lang)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _evenly(count: int, most: int) -> Numbers:
    """Choose some of so many."""
    return np.arange(count) if count <= most else np.arange(most) * count // max(most, 1)
