"""Made-up claims in any number: the same numbers give the same claims, and any part can be made by itself.

Every fact of a row follows from its place by hashing, so that a file larger than memory is written part by part and a
person's claims still lie all over it. Nobody here is a person: region, birth and order of each number are hashed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from subsidy import Level, Policy, Stream, load_policy

__all__ = ["frame", "made", "one_person", "write"]

Array = npt.NDArray[Any]

_PART = 1 << 17
_ROW_GROUP = 1 << 20
_GOLDEN = 0x9E3779B97F4A7C15
_ALL_BITS = 2**64 - 1

# Persons come in blocks of this many claims; 78% of the rows are of persons with several claims, 3.4 each.
_BLOCK = 1 << 17
_SEVERAL = 0.78
_MORE_THAN_TWO = 1.37
_HEAVY, _HEAVY_MORE = 0.001, 25

_OUTSIDE_DIRECTORY = 84
_LEVELS: dict[Stream, dict[Level, float]] = {
    Stream.TRAINING: {Level.L5: 36, Level.L4: 31, Level.L3: 22, Level.L2: 5, Level.L1: 2, Level.SPECIAL: 4},
    Stream.SKILL_IMPROVEMENT: {Level.L5: 33, Level.L4: 36, Level.L3: 29, Level.L2: 1.5, Level.L1: 0.5},
}
_LEVEL_WORDS = {Level.L5: "五级", Level.L4: "中级工", Level.L3: "三级/高级工", Level.L2: "技师", Level.L1: "高级技师"}

_FIRST, _LAST = date(2023, 6, 1), date(2023, 12, 31)
_BEFORE, _AFTER = 182, 91  # days around them in which few apply
_REGIONS = np.array([int(f"32{city:02}{county:02}") for city in range(1, 14) for county in (2, 5, 6, 7, 81)])
_BORN_FIRST, _BORN_LAST = date(1963, 1, 1), date(2004, 12, 31)
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.frombuffer(b"10X98765432", np.uint8)

# Shares of all rows that can't be used: 2% together. Each ends where the next begins.
_FAULTS = {
    "bad check character": 0.004,
    "bad birth date": 0.001,
    "no person": 0.001,
    "no certificate number": 0.001,
    "no level": 0.001,
    "no certificate date": 0.0015,
    "no day of application": 0.0015,
    "unknown occupation": 0.0025,
    "bad level": 0.001,
    "applied before issue": 0.001,
}
_SAME_ID, _COPY = 0.003, 0.4  # of all rows; of those, rows that are alike in every column


def _mixed(numbers: Array, salt: int) -> Array:
    """Hash whole numbers (splitmix64)."""
    mixed = numbers.astype(np.uint64) + np.uint64((salt * _GOLDEN) & _ALL_BITS)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _uniform(numbers: Array, salt: int) -> Array:
    """Hash whole numbers to numbers from 0 to less than 1."""
    return (_mixed(numbers, salt) >> np.uint64(11)) * 2.0**-53


def _shuffled(places: Array, count: int, salt: int) -> Array:
    """Give each place below `count` another one: every one once, in no order that anybody sees."""
    bits = max(2, (count - 1).bit_length())
    mask, shift = np.uint64((1 << bits) - 1), np.uint64(bits // 2 + 1)
    odd = [(_GOLDEN * (salt + turn) >> 7 | 1) & _ALL_BITS for turn in range(4)]

    def step(numbers: Array) -> Array:
        for factor in odd:
            numbers = (numbers * np.uint64(factor) + np.uint64(salt)) & mask
            numbers ^= numbers >> shift
        return numbers

    found = step(places.astype(np.uint64))
    while (over := np.flatnonzero(found >= count)).size:  # a place beyond the end goes on until it is inside
        found[over] = step(found[over])
    return found.astype(np.int64)


def _picked(uniform: Array, shares: Array) -> Array:
    """Give the number of the share that each falls into."""
    ends = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(ends, uniform, side="right"), len(shares) - 1)


def _block_of_persons(seed: int) -> tuple[Array, int]:
    """Give the person of each claim of a block, and how many persons a block has."""
    random = np.random.default_rng(seed)
    singles = int(_BLOCK * (1 - _SEVERAL))
    several = 2 + random.poisson(_MORE_THAN_TWO, _BLOCK)
    several += np.where(random.random(_BLOCK) < _HEAVY, random.poisson(_HEAVY_MORE, _BLOCK), 0)
    ends = np.cumsum(several)
    several = several[: int(np.searchsorted(ends, _BLOCK - singles, side="right"))]
    left = _BLOCK - singles - int(several.sum())
    sizes = random.permutation(np.concatenate([np.ones(singles + left, np.int64), several]))
    return np.repeat(np.arange(len(sizes)), sizes), len(sizes)


def _digits(width: int) -> Array:
    """Give the digits of every number of a width as rows of bytes."""
    return np.frombuffer("".join(f"{number:0{width}}" for number in range(10**width)).encode(), np.uint8).reshape(
        -1, width
    )


_THREE = _digits(3)


def _numbered(prefix: bytes, numbers: Array) -> Array:
    """Write numbers below 10^9 behind a prefix, one text of bytes a row."""
    text = np.empty((len(numbers), len(prefix) + 9), np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix, np.uint8)
    for place, unit in enumerate((10**6, 10**3, 1)):
        start = len(prefix) + 3 * place
        text[:, start : start + 3] = _THREE[numbers // unit % 1000]
    return text


def _texts(rows: Array) -> pa.Array:
    """Take rows of bytes as texts of one length."""
    count, width = rows.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    return pa.Array.from_buffers(
        pa.large_string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(rows))]
    )


def _birth_dates() -> Array:
    days = np.arange(np.datetime64(_BORN_FIRST), np.datetime64(_BORN_LAST) + 1)
    return np.frombuffer("".join(f"{day:%Y%m%d}" for day in days.tolist()).encode(), np.uint8).reshape(-1, 8)


def _resident_numbers(persons: Array) -> Array:
    """Give each person a number of their own, with a real date of birth and the right check character."""
    regions = np.frombuffer("".join(map(str, _REGIONS)).encode(), np.uint8).reshape(-1, 6)
    births = _birth_dates()
    # 999 orders a day and region; a factor that shares nothing with their count gives every person another number
    space = len(regions) * len(births) * 999
    number = (persons * 611_953 * 7_919 + 104_729) % space
    assert np.gcd(611_953 * 7_919, space) == 1
    order, rest = number % 999 + 1, number // 999
    born, region = rest % len(births), rest // len(births)
    text = np.empty((len(persons), 18), np.uint8)
    text[:, :6], text[:, 6:14], text[:, 14:17] = regions[region], births[born], _THREE[order]
    weight = [(table.astype(np.int64) - 48) @ part for table, part in _weighed(regions, births)]
    text[:, 17] = _CHECKS[(weight[0][region] + weight[1][born] + weight[2][order]) % 11]
    return text


def _weighed(regions: Array, births: Array) -> list[tuple[Array, Array]]:
    return [(regions, _WEIGHTS[:6]), (births, _WEIGHTS[6:14]), (_THREE, _WEIGHTS[14:])]


class _Occupations(NamedTuple):
    """Codes by how often they are claimed, and a name of each listed one."""

    texts: pa.Array
    names: pa.Array
    listed: int
    shares: Array

    @classmethod
    def of(cls, policy: Policy, seed: int) -> _Occupations:
        texts = policy.texts_on(_LAST)
        assert texts.directory is not None
        random = np.random.default_rng(seed)
        listed = [row.code for row in texts.directory.occupations]
        others = sorted(set(policy.classification) - set(listed))
        order = [listed[place] for place in random.permutation(len(listed))]
        outside = [others[place] for place in random.permutation(len(others))[:_OUTSIDE_DIRECTORY]]
        shares = np.concatenate([1 / np.arange(1, len(order) + 1), np.full(len(outside), 0.001)])
        names = [policy.vocabulary.title(code).zh for code in order]
        return cls(pa.array([*order, *outside], pa.large_string()), pa.array(names), len(order), shares)


class _Slots(NamedTuple):
    """What the rows of a part are made from: whose claims, and which certificate they show."""

    own: Array  # the place of the claim itself
    root: Array  # the place of the claim that first showed its certificate
    number: Array  # the place that its claim id is made from


def _slots(rows: int, start: int, stop: int, seed: int, person_of: Array) -> _Slots:
    place = _shuffled(np.arange(start, stop), rows, seed + 1)
    # every second place may repeat the id of the one before, half of them the whole claim
    repeats = (place & 1 == 1) & (_uniform(place, seed + 2) < 2 * _SAME_ID)
    own = np.where(repeats & (_uniform(place, seed + 3) < _COPY), place - 1, place)
    root = own.copy()
    later = np.arange(len(root))
    while later.size:  # a certificate shown again: that of the claim before, if that is the same person's
        at = root[later]
        offset = at % _BLOCK
        same = (offset > 0) & (person_of[offset] == person_of[offset - 1])
        again = same & (_uniform(at, seed + 4) < 0.06 / 0.55)
        later = later[again]
        root[later] -= 1
    return _Slots(own, root, np.where(repeats, place - 1, place))


def _day(day: date) -> int:
    return int(np.datetime64(day).astype(np.int64))


def _days(slots: _Slots, seed: int) -> tuple[Array, Array]:
    """Give the certificate date and the day of application of each claim, as days since 1970."""
    first, last = _day(_FIRST), _day(_LAST)
    when, outside = _uniform(slots.root, seed + 5), _uniform(slots.root, seed + 6)
    applied = first + (when * (last - first + 1)).astype(np.int64)
    applied = np.where(outside < 0.02, first - 1 - (when * _BEFORE).astype(np.int64), applied)
    applied = np.where(outside > 0.96, last + 1 + (when * _AFTER).astype(np.int64), applied)
    lag = 3 - np.log1p(-_uniform(slots.root, seed + 7)) * 55
    issued = applied - np.where(_uniform(slots.root, seed + 8) < 0.015, 380, lag.astype(np.int64))
    again = (_uniform(slots.own, seed + 9) * 60).astype(np.int64)
    return issued, np.where(slots.own == slots.root, applied, applied + again)


def _dated(days: Array, missing: Array | None = None) -> pa.Array:
    return pa.array(days * 86_400_000_000, pa.timestamp("us"), mask=missing)


def _fault_of(slots: _Slots, seed: int) -> dict[str, Array]:
    which = np.searchsorted(np.cumsum(list(_FAULTS.values())), _uniform(slots.own, seed + 10), side="right")
    return {name: which == number for number, name in enumerate(_FAULTS)}


def _without(texts: pa.Array, missing: Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.if_else(pa.array(missing), pa.scalar(None, texts.type), texts)


def _part(rows: int, start: int, stop: int, seed: int, occupations: _Occupations, block: tuple[Array, int]) -> pa.Table:
    person_of, persons = block
    slots = _slots(rows, start, stop, seed, person_of)
    fault = _fault_of(slots, seed)
    person = slots.own // _BLOCK * persons + person_of[slots.own % _BLOCK]
    number = _resident_numbers(person)
    number[fault["bad check character"], 17] ^= 1  # 0 and 1, 2 and 3 and so on change places; X becomes Y
    number[fault["bad birth date"], 10:14] = np.frombuffer(b"0230", np.uint8)

    training = _uniform(slots.root, seed + 11) < 0.70
    issued, applied = _days(slots, seed)
    months = np.where(_uniform(slots.own, seed + 12) < 0.03, 7, 13 + _mixed(slots.own, seed + 13) % 180)
    filed_on = issued - 10 - (_uniform(slots.root, seed + 15) * 60).astype(np.int64)
    # few classes filed before the training subsidy had a table of its own
    filed = training & (_uniform(slots.root, seed + 14) < np.where(filed_on < _day(_FIRST), 0.04, 0.5))
    certificate = np.where(_uniform(slots.root, seed + 16) < 0.001, slots.root // 1000 * 1000, slots.root)
    applied = np.where(fault["applied before issue"], issued - 9, applied)
    facts = [
        (_uniform(slots.own, seed + salt) < 0.97, _uniform(slots.own, seed + salt + 1) < 0.01) for salt in (17, 19)
    ]
    return pa.table(
        {
            "claim_id": _texts(_numbered(b"SQ2023", _shuffled(slots.number, rows, seed + 21))),
            "person_id": _without(_texts(number), fault["no person"]),
            "occupation": _occupations(slots, person, occupations, fault["unknown occupation"], seed),
            "level": _without(_levels(slots, training, fault["bad level"], seed), fault["no level"]),
            "certificate_no": _without(
                _texts(_numbered(b"S320523", _shuffled(certificate, rows, seed + 22))), fault["no certificate number"]
            ),
            "certificate_date": _dated(issued, fault["no certificate date"]),
            "applied_on": _dated(applied, fault["no day of application"]),
            "stream": pa.DictionaryArray.from_arrays(
                np.where(training, 0, 1).astype(np.int32), pa.array([str(stream) for stream in _LEVELS])
            ).cast(pa.large_string()),
            "insured_months": pa.array(months, pa.int64(), mask=_uniform(slots.own, seed + 23) < 0.015),
            "training_filed_on": _dated(filed_on, ~filed),
            **{
                name: pa.array(yes, pa.bool_(), mask=unknown)
                for name, (yes, unknown) in zip(load_policy().vocabulary.conditions, facts, strict=True)
            },
        }
    )


def _occupations(slots: _Slots, person: Array, known: _Occupations, unknown: Array, seed: int) -> pa.Array:
    """Give occupations: a third of a person's claims are for one trade of theirs; 3% are written by name."""
    own = _uniform(slots.root, seed + 24)
    at = _picked(np.where(own < 0.33, _uniform(person, seed + 25), _uniform(slots.root, seed + 26)), known.shares)
    words = pa.concat_arrays(
        [known.texts, known.names.cast(pa.large_string()), pa.array(["手工艺人"], pa.large_string())]
    )
    named = (at < known.listed) & (_uniform(slots.own, seed + 27) < 0.03)
    at = np.where(named, at + len(known.texts), at)
    at = np.where(unknown, len(words) - 1, at)
    return pa.DictionaryArray.from_arrays(at.astype(np.int32), words).cast(pa.large_string())


def _levels(slots: _Slots, training: Array, bad: Array, seed: int) -> pa.Array:
    """Give levels by their digits, 2% by a word."""
    levels = list(Level)
    uniform = _uniform(slots.root, seed + 28)
    per_stream = [
        _picked(uniform, np.array([shares.get(level, 0.0) for level in levels])) for shares in _LEVELS.values()
    ]
    at = np.where(training, *per_stream)
    words = [level.value for level in levels] + [_LEVEL_WORDS.get(level, "专项") for level in levels] + ["六级"]
    at = np.where(_uniform(slots.own, seed + 29) < 0.02, at + len(levels), at)
    at = np.where(bad, len(words) - 1, at)
    return pa.DictionaryArray.from_arrays(at.astype(np.int32), pa.array(words)).cast(pa.large_string())


def made(rows: int, start: int = 0, stop: int | None = None, *, seed: int = 20230817) -> pa.Table:
    """Make the claims of some rows of a table of `rows`; they depend on `rows`, but not on how it is cut."""
    stop = rows if stop is None else stop
    occupations, block = _Occupations.of(load_policy(), seed), _block_of_persons(seed)
    seed *= 1000

    def part(first: int) -> pa.Table:
        return _part(rows, first, min(first + _PART, stop), seed, occupations, block)

    with ThreadPoolExecutor(2) as pool:
        return pa.concat_tables(pool.map(part, range(start, stop, _PART)))


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Give a table as the frame that pandas makes of it: texts are `str`, dates datetime64, conditions boolean."""
    return table.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get, split_blocks=True)


def frame(rows: int, *, seed: int = 20230817) -> pd.DataFrame:
    """Make a frame of claims, every column in one piece."""
    return as_frame(made(rows, seed=seed).combine_chunks())


def write(path: Path, rows: int, *, seed: int = 20230817) -> None:
    """Write claims as a parquet file, one row group after the other, so that memory stays small."""
    writer = None
    for start in range(0, rows, _ROW_GROUP):
        table = made(rows, start, min(start + _ROW_GROUP, rows), seed=seed)
        writer = writer or pq.ParquetWriter(path, table.schema, use_dictionary=["occupation", "level", "stream"])
        writer.write_table(table, row_group_size=_ROW_GROUP)
    if writer is not None:
        writer.close()


def one_person(claims: int, *, seed: int = 20230817) -> pd.DataFrame:
    """Make a frame in which all claims are one person's; none is bad."""
    some = frame(claims + claims // 10 + 50, seed=seed).dropna(subset=["person_id", "level", "certificate_no"])
    some = some[some["level"] != "六级"].drop_duplicates("claim_id").head(claims)
    assert len(some) == claims
    return some.assign(person_id="11010519491231002X").reset_index(drop=True)
