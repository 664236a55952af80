"""What the engine answers: an entitlement (for a quote) or a decision (for a claim), each with its steps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, JsonValue, PrivateAttr

from subsidy.model.level import Level, Stream
from subsidy.model.money import yuan_from_fen
from subsidy.model.words import Confidence, Outcome, Reason, Status

__all__ = ["Cite", "Decision", "Entitlement", "Figures", "PersonIdAs", "Step", "TextKind", "Trace"]

Figures = dict[str, JsonValue]
PersonIdAs = Literal["masked", "whole", "keyed_hash"]
TextKind = Literal["rules", "directory", "rates", "catalog"]


class Cite(BaseModel):
    """A text that a rule consulted: which edition, its document, and how sure it is.

    ``part`` names the occupation, entry or uplift whose own source stands in for the edition's.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    kind: TextKind
    edition: str
    part: str | None = None
    document: str
    number: str | None = None
    url: str | None = None
    confidence: Confidence


class Step(BaseModel):
    """What one rule said: its outcome, the figures it used, the texts it read.

    Amounts among the figures are whole fen and their names end in ``_fen``; dates are ISO text.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    rule: str
    outcome: Outcome
    reason: Reason | None = None
    detail: str | None = None
    blocked_by: str | None = None
    figures: Figures = {}
    cites: tuple[Cite, ...] = ()


class Trace(Protocol):
    """What the engine leaves with an answer so that steps and receipt can be built when somebody asks."""

    def steps(self) -> tuple[Step, ...]:
        """Build the steps."""
        ...

    def receipt(self, decision: Decision, person_id: PersonIdAs, key: bytes | None) -> Figures:
        """Build the receipt."""
        ...


class _Answer(BaseModel):
    """What an entitlement and a decision have in common."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    status: Status
    reason: Reason | None = None
    detail: str | None = None
    base_fen: int | None = None
    uplift_fen: int | None = None
    amount_fen: int = 0
    confidence: Confidence | None = None
    directory_edition: str | None = None
    catalog_edition: str | None = None
    rate_edition: str | None = None
    rules_edition: str | None = None
    policy_fingerprint: str = ""

    _trace: Trace | None = PrivateAttr(default=None)
    _steps: tuple[Step, ...] | None = PrivateAttr(default=None)

    @classmethod
    def made(cls, trace: Trace | None, **fields: object) -> Self:
        """Make an answer from the engine's own values: every field, in order, already of its type.

        They aren't validated again, for that would take longer than to decide; a test does it instead.
        """
        answer = cls.__new__(cls)
        put = object.__setattr__
        put(answer, "__dict__", fields)
        put(answer, "__pydantic_fields_set__", {*fields})
        put(answer, "__pydantic_extra__", None)
        put(answer, "__pydantic_private__", {"_trace": trace, "_steps": None})
        return answer

    @property
    def base(self) -> Decimal | None:
        """The base amount (补贴标准) in yuan, None where the law doesn't give one."""
        return None if self.base_fen is None else yuan_from_fen(self.base_fen)

    @property
    def uplift(self) -> Decimal | None:
        """The uplift (上浮) in yuan: amount less base; None where it isn't known."""
        return None if self.uplift_fen is None else yuan_from_fen(self.uplift_fen)

    @property
    def amount(self) -> Decimal:
        """The amount in yuan; 0.00 for whatever isn't payable."""
        return yuan_from_fen(self.amount_fen)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every rule's outcome in order, also those behind the first failure; built when first asked for."""
        built = self._steps
        if built is None:
            built = self._trace.steps() if self._trace is not None else ()
            self._steps = built
        return built

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), frozenset(self.__dict__.items())))

    def __getstate__(self) -> dict[object, object]:
        # A pickled answer carries its steps and leaves the policy behind.
        _ = self.steps
        state = super().__getstate__()
        state["__pydantic_private__"] = {"_trace": None, "_steps": self._steps}
        return state


class Entitlement(_Answer):
    """What the texts of one day give for an occupation at a level: the answer of `subsidy.quote`.

    Parameters
    ----------
    occupation : str
        Code of the occupation.
    level, stream : Level, Stream
        As asked.
    on : date
        The entitlement date (待遇认定日期).
    status, reason, detail
        ``payable``; or ``refused`` or ``undetermined`` with the reason, and what it names.
    base_fen, uplift_fen, amount_fen : int
        Whole fen; base and uplift are None where the texts don't give them.
    confidence : Confidence or None
        The weakest of the texts consulted.
    """

    occupation: str
    level: Level
    stream: Stream
    on: date


class Decision(_Answer):
    """What was decided on one claim (核定结果): the answer of `subsidy.assess`.

    Parameters
    ----------
    claim_id : str or None
        The claim; None where the record has none that can be read.
    status, reason, detail
        See design, section 4: the first reason in the order of the rules.
    blocked_by : str or None
        The earlier claim that stands in the way (rules 7 to 9).
    base_fen, uplift_fen, amount_fen : int
        Whole fen; base and uplift are None where the texts don't give them, the amount is 0 unless payable.
    confidence : Confidence or None
        The weakest of the texts consulted until the reason was found.
    directory_edition, catalog_edition, rate_edition, rules_edition : str or None
        The editions in force on the entitlement date; catalogues that add up are joined by ``+``.
    """

    claim_id: str | None = None
    blocked_by: str | None = None

    def receipt(self, person_id: PersonIdAs = "masked", *, key: bytes | None = None) -> Figures:
        """Give the self-contained proof of this decision, an object of the form ``subsidy.decision/1``.

        Parameters
        ----------
        person_id : {"masked", "whole", "keyed_hash"}
            How the person's number stands in it.
        key : bytes, optional
            The secret of ``keyed_hash`` (HMAC-SHA256).

        Raises
        ------
        ValueError
            If this decision was not made by `subsidy.assess` in this process (loaded from a file, say, or
            pickled), or if ``keyed_hash`` comes without a key.
        """
        if self._trace is None:
            raise ValueError("only a decision fresh from assess can give a receipt: assess the claim again")
        return self._trace.receipt(self, person_id, key)
