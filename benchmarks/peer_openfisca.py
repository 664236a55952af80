"""The entitlement of the packaged policy, written for OpenFisca: one claim is one person.

`entitlement` decides one claim on one day, `columns` all claims of a frame at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.grid import deciding_days, period_numbers, spellings, starts
from subsidy import Level, Policy, Stream, quote

__all__ = ["columns", "entitlement"]

Person = build_entity(key="person", plural="persons", label="A claim", is_person=True)
Array = npt.NDArray[Any]
_MONTH = "2023-09"  # whatever the month: the claims of a frame bring the number of their period along
_LEVELS = [str(level) for level in Level]
_STREAMS = [str(stream) for stream in Stream]


def _input(name: str, meaning: str) -> type[Variable]:
    return type(name, (Variable,), {"value_type": int, "entity": Person, "definition_period": MONTH, "label": meaning})


def _system(base: Array, raised: Array, by_texts: bool) -> TaxBenefitSystem:
    """Write the law.

    `base` holds the base amounts by occupation and level, `raised` the uplift's share of them by occupation; with
    `by_texts` both stand by the period of the texts before that, and `base` by the stream too.
    """

    class base_amount(Variable):  # noqa: N801
        value_type = float
        entity = Person
        definition_period = MONTH
        label = "base amount"

        def formula(person, period):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, N805
            cell = person("occupation", period), person("level", period)
            return base[(person("texts", period), person("stream", period), *cell) if by_texts else cell]

    class amount(Variable):  # noqa: N801
        value_type = float
        entity = Person
        definition_period = MONTH
        label = "base amount with the uplift"

        def formula(person, period):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, N805
            place = person("occupation", period)
            return person("base_amount", period) * (1 + raised[(person("texts", period), place) if by_texts else place])

    system = TaxBenefitSystem([Person])
    inputs = {"occupation": "place of the occupation in the directory", "level": "place of the level"}
    if by_texts:
        inputs |= {"texts": "number of the period between changes of the texts", "stream": "place of the stream"}
    for variable in (*(_input(*one) for one in inputs.items()), base_amount, amount):
        system.add_variable(variable)
    return system


def _tables(policy: Policy, days: list[date], codes: list[str]) -> tuple[Array, Array]:
    """Fill the tables; a cell without an amount holds 0, and so does the last occupation, which is no occupation."""
    base = np.zeros((len(days), len(_STREAMS), len(codes) + 1, len(_LEVELS)))
    raised = np.zeros((len(days), len(codes) + 1))
    for place, day in enumerate(days):
        texts = policy.texts_on(day)
        uplifts = texts.rules.entitlement.uplifts if texts.rules is not None else ()
        rate = float(uplifts[0].rate or 0) if uplifts else 0.0
        for at, code in enumerate(codes):
            listing = texts.listing(code)
            raised[place, at] = rate * (code in texts.entries) * bool(listing and listing.digital)
            for stream in Stream:
                for level in Level:
                    cell = quote(code, level, day, stream=stream, policy=policy)
                    if cell.reason is None:
                        base[place, _STREAMS.index(stream), at, _LEVELS.index(level)] = (cell.base_fen or 0) / 100
    return base, raised


def entitlement(policy: Policy, on: date) -> Callable[[str, str], float]:
    """Give a function from occupation code and level to the amount in yuan."""
    texts = policy.texts_on(on)
    assert texts.directory is not None
    codes = [row.code for row in texts.directory.occupations]
    base, raised = _tables(policy, [on], codes)
    system = _system(base[0, _STREAMS.index(Stream.TRAINING)], raised[0], by_texts=False)
    month = f"{on:%Y-%m}"
    place_of = {code: place for place, code in enumerate(codes)}
    level_of = {one: place for place, one in enumerate(_LEVELS)}

    def one(code: str, wanted: str) -> float:
        given = {"occupation": {month: place_of[code]}, "level": {month: level_of[wanted]}}
        simulation = SimulationBuilder().build_from_entities(system, {"persons": {"claim": given}})
        return float(simulation.calculate("amount", month)[0])

    return one


def columns(policy: Policy, claims: pd.DataFrame, table: pa.Table, *, mapped: bool = False) -> Callable[[], Array]:
    """Give a function that gives the amount in yuan of each row.

    Texts become places by `pyarrow.compute.index_in`, the fastest of the plain tools; with `mapped` they are places
    already, and so are the periods: OpenFisca's own work alone.
    """
    meant = {name: spellings(policy, claims, name) for name in ("stream", "occupation", "level")}
    codes = sorted(set(meant["occupation"].values()))
    system = _system(*_tables(policy, starts(policy), codes), by_texts=True)
    places = {"stream": _STREAMS, "occupation": codes, "level": _LEVELS}
    texts = {name: pa.array(spelled, pa.large_string()) for name, spelled in meant.items()}
    place_of = {
        # behind the last text: what none of them is, and a missing one
        name: np.array([*(places[name].index(code) for code in spelled.values()), _nowhere(name, codes)])
        for name, spelled in meant.items()
    }

    def inputs() -> dict[str, Array]:
        found, unknown = {}, np.zeros(len(claims), np.bool_)
        for name, known in texts.items():
            at = pc.fill_null(pc.index_in(table[name].combine_chunks(), value_set=known), len(known))
            places_in_texts = at.to_numpy(zero_copy_only=False)
            found[name] = place_of[name][places_in_texts]
            unknown |= places_in_texts == len(known)
        days = deciding_days(
            policy, *(claims[name].to_numpy() for name in ("applied_on", "certificate_date", "training_filed_on"))
        )
        found["occupation"][unknown | np.isnat(days)] = len(codes)
        return {**found, "texts": period_numbers(policy, days)}

    ready = inputs() if mapped else None

    def work() -> Array:
        simulation = SimulationBuilder().build_default_simulation(system, count=len(claims))
        for name, values in (ready or inputs()).items():
            simulation.set_input(name, _MONTH, values)
        amounts: Array = simulation.calculate("amount", _MONTH)
        return amounts

    return work


def _nowhere(name: str, codes: list[str]) -> int:
    return len(codes) if name == "occupation" else 0
