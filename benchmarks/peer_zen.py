"""The entitlement of the packaged policy on one day, written as decision tables for the GoRules zen engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
import zen

from benchmarks.grid import deciding_days, period_numbers, spellings, starts
from subsidy import Level, Policy, Stream


def _table(name: str, inputs: list[str], outputs: list[str], rows: list[list[str]]) -> dict[str, Any]:
    columns = [*inputs, *outputs]
    return {
        "id": name,
        "name": name,
        "type": "decisionTableNode",
        "position": {"x": 0, "y": 0},
        "content": {
            "hitPolicy": "first",
            "passThrough": True,
            "inputs": [{"id": column, "name": column, "type": "expression", "field": column} for column in inputs],
            "outputs": [{"id": column, "name": column, "type": "expression", "field": column} for column in outputs],
            "rules": [
                {"_id": f"{name}{number}", **dict(zip(columns, row, strict=True))} for number, row in enumerate(rows)
            ],
        },
    }


def entitlement(policy: Policy, on: date, stream: Stream = Stream.TRAINING) -> Callable[[str, str], float]:
    """Give a function from occupation code and level to the amount in yuan."""
    texts = policy.texts_on(on)
    assert texts.directory is not None
    assert texts.rates is not None
    assert texts.rules is not None
    said = json.dumps
    directory = [
        [said(row.code), said(str(row.category)), said(bool(row.digital)), said(row.code in texts.entries)]
        for row in texts.directory.occupations
    ]
    rates = [
        [said(row), said(level.value), str(fen / 100)]
        for row, amounts in texts.rates.amounts[stream].items()
        for level, fen in amounts.items()
        if isinstance(level, Level)
    ]
    rate = str(next((one.rate for one in texts.rules.entitlement.uplifts), 0))
    nodes = [
        {"id": "request", "name": "request", "type": "inputNode", "position": {"x": 0, "y": 0}},
        _table("directory", ["occupation"], ["category", "digital", "listed"], directory),
        _table("rates", ["category", "level"], ["base"], rates),
        _table("uplift", ["digital", "listed"], ["rate"], [["true", "true", rate], ["", "", "0"]]),
        {
            "id": "total",
            "name": "total",
            "type": "expressionNode",
            "position": {"x": 0, "y": 0},
            "content": {
                "passThrough": True,
                "expressions": [{"id": "1", "key": "amount", "value": "base + base * rate"}],
            },
        },
        {"id": "response", "name": "response", "type": "outputNode", "position": {"x": 0, "y": 0}},
    ]
    ids = [str(node["id"]) for node in nodes]
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other} for one, other in pairwise(ids)
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def one(code: str, level: str) -> float:
        return float(decision.evaluate({"occupation": code, "level": level})["result"]["amount"])

    return one


def loop(policy: Policy, claims: pd.DataFrame) -> Callable[[], list[float]]:
    """Give a function that asks one decision for each row; those of the periods with a directory that lists something.

    Texts are turned into codes and days into periods by plain dicts, in the loop as a user's would.
    """
    codes, levels = (spellings(policy, claims, column) for column in ("occupation", "level"))
    streams = [str(stream) for stream in Stream]
    asked = {
        (place, str(stream)): entitlement(policy, first, stream)
        for place, first in enumerate(starts(policy))
        for stream in Stream
        if (directory := policy.texts_on(first).directory) is not None and directory.occupations
    }
    days = [claims[name].to_numpy() for name in ("applied_on", "certificate_date", "training_filed_on")]
    periods = period_numbers(policy, deciding_days(policy, *days)).tolist()
    rows = list(zip(claims["stream"], claims["occupation"], claims["level"], periods, strict=True))
    assert all(row[0] in streams for row in rows)

    def work() -> list[float]:
        return [asked[period, stream](codes[occupation], levels[level]) for stream, occupation, level, period in rows]

    return work
