"""Every exception is one of ours, says what and where, and survives a trip to another process."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

from subsidy.model import errors
from subsidy.model.errors import HistoryError, InputError, InvalidRowsError, SubsidyError

EXAMPLES: list[SubsidyError] = [
    SubsidyError("something"),
    InputError("level", "7", "one of 1 to 5 or special"),
    HistoryError(()),
    HistoryError(("history[0]: level: found 7, expected one of 1 to 5 or special",)),
    HistoryError(("history[0]: a", "history[3]: b")),
    InvalidRowsError(("row 0: level: bad_level, expected 1 to 5",), {"bad_level": 1}),
    InvalidRowsError(("row 0: a", "row 4: b"), {"bad_level": 2, "bad_date": 1}),
]


def test_every_exception_has_an_example_here() -> None:
    classes = {thing for name, thing in inspect.getmembers(errors, inspect.isclass) if name in errors.__all__}
    assert {type(example) for example in EXAMPLES} == classes
    assert all(issubclass(thing, SubsidyError) for thing in classes)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_keeps_everything(error: SubsidyError, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301  (made two words before)
    for twin in (again, copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert twin.args == error.args
        assert vars(twin) == vars(error)


def test_callers_may_catch_value_error() -> None:
    assert issubclass(InputError, ValueError)
    assert issubclass(HistoryError, ValueError)
    assert issubclass(InvalidRowsError, ValueError)


def test_messages() -> None:
    assert [str(error) for error in EXAMPLES] == [
        "something",
        "level: found 7, expected one of 1 to 5 or special",
        "0 history rows can't be used:",
        "1 history row can't be used:\n  history[0]: level: found 7, expected one of 1 to 5 or special",
        "2 history rows can't be used:\n  history[0]: a\n  history[3]: b",
        "1 row can't be used (bad_level 1):\n  row 0: level: bad_level, expected 1 to 5",
        "3 rows can't be used (bad_level 2, bad_date 1):\n  row 0: a\n  row 4: b\n  ... and 1 more",
    ]


def test_parts_of_an_input_error() -> None:
    error = InputError("level", "7", "one of 1 to 5 or special")
    assert (error.field, error.found, error.expected) == ("level", "7", "one of 1 to 5 or special")
