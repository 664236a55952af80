"""The entitlement of the packaged policy on one day, written for OpenFisca: one claim is one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from subsidy import Level, Policy, Stream

Person = build_entity(key="person", plural="persons", label="A claim", is_person=True)


def entitlement(policy: Policy, on: date) -> Callable[[str, str], float]:
    """Give a function from occupation code and level to the amount in yuan."""
    texts = policy.texts_on(on)
    assert texts.directory is not None
    assert texts.rates is not None
    assert texts.rules is not None
    codes = [row.code for row in texts.directory.occupations]
    levels = [level.value for level in Level]
    rows = texts.rates.amounts[Stream.TRAINING]
    base = np.array(
        [[rows[str(row.category)].get(Level(one), 0) / 100 for one in levels] for row in texts.directory.occupations]
    )
    digital = np.array([bool(row.digital) for row in texts.directory.occupations])
    listed = np.array([code in texts.entries for code in codes])
    rate = float(texts.rules.entitlement.uplifts[0].rate or 0)

    class occupation(Variable):  # noqa: N801
        value_type = int
        entity = Person
        definition_period = MONTH
        label = "place of the occupation in the directory"

    class level(Variable):  # noqa: N801
        value_type = int
        entity = Person
        definition_period = MONTH
        label = "place of the level"

    class base_amount(Variable):  # noqa: N801
        value_type = float
        entity = Person
        definition_period = MONTH
        label = "base amount"

        def formula(person, period):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, N805
            return base[person("occupation", period), person("level", period)]

    class amount(Variable):  # noqa: N801
        value_type = float
        entity = Person
        definition_period = MONTH
        label = "base amount with the uplift"

        def formula(person, period):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, N805
            place = person("occupation", period)
            return person("base_amount", period) * (1 + rate * digital[place] * listed[place])

    system = TaxBenefitSystem([Person])
    for variable in (occupation, level, base_amount, amount):
        system.add_variable(variable)
    month = f"{on:%Y-%m}"
    place_of = {code: place for place, code in enumerate(codes)}
    level_of = {one: place for place, one in enumerate(levels)}

    def one(code: str, wanted: str) -> float:
        situation = {"persons": {"claim": {"occupation": {month: place_of[code]}, "level": {month: level_of[wanted]}}}}
        simulation = SimulationBuilder().build_from_entities(system, situation)
        return float(simulation.calculate("amount", month)[0])

    return one
