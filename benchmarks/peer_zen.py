"""The entitlement of the packaged policy on one day, written as decision tables for the GoRules zen engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import zen

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


def entitlement(policy: Policy, on: date) -> Callable[[str, str], float]:
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
        for row, amounts in texts.rates.amounts[Stream.TRAINING].items()
        for level, fen in amounts.items()
        if isinstance(level, Level)
    ]
    rate = str(texts.rules.entitlement.uplifts[0].rate)
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
