"""Answers whose timing was measured, the profile that plays it again, and one fitted to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from .._profile import Profile
from .._settings_table import kind_of
from ._fit import Fit, fit_distribution

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._distributions import Distribution
    from .._due_times import TimedCall

_MS_PER_SECOND: Final = 1000


@dataclass(frozen=True, slots=True)
class MeasuredAnswer:
    """The time to the first content, then the delay before each further piece; in ms."""

    first_ms: float
    gaps_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredProfile:
    """Gives each call the delays of one measured answer, drawn by the call's own chance.

    An answer that is longer than the measured one has its delays again from the first gap on;
    after one that came in a single piece, the rest comes at once.
    """

    answers: tuple[MeasuredAnswer, ...]

    def __post_init__(self) -> None:
        if not self.answers:
            msg = "answers is empty; give at least one measured answer"
            raise ValueError(msg)

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield seconds: before the first line, then before each further one."""
        answer = self.answers[int(call.random.random() * len(self.answers))]
        yield answer.first_ms / _MS_PER_SECOND
        for gap in cycle(answer.gaps_ms):
            yield gap / _MS_PER_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFit:
    """The fits of both durations; `gaps` None where no answer had a second piece."""

    first: Fit
    gaps: Fit | None

    @property
    def profile(self) -> Profile:
        """The profile; without gaps, further lines come at once."""
        per_line = 0 if self.gaps is None else self.gaps.duration
        return Profile(think_ms=self.first.duration, per_line_ms=per_line)

    def as_table(self) -> dict[str, Any]:
        """Return the keys of `[tool.understudy.profiles.NAME]`."""
        names = ("think_ms", "per_line_ms")
        return {name: _as_value(getattr(self.profile, name)) for name in names}

    def as_toml(self, name: str) -> str:
        """Return the table as it is written in `pyproject.toml`."""
        is_bare = name.replace("-", "").replace("_", "").isalnum() and name.isascii()
        key = name if is_bare else json.dumps(name)
        lines = [f"{field} = {_written(value)}" for field, value in self.as_table().items()]
        return "\n".join([f"[tool.understudy.profiles.{key}]", *lines])


def fit_profile(answers: Sequence[MeasuredAnswer]) -> ProfileFit:
    """Fit the times to first content, and the gaps of all answers together.

    Raises:
        ValueError: there are no answers.
    """
    gaps = [gap for answer in answers for gap in answer.gaps_ms]
    return ProfileFit(
        first=fit_distribution([answer.first_ms for answer in answers]),
        gaps=fit_distribution(gaps) if gaps else None,
    )


def _as_value(duration: float | Distribution) -> Any:
    if isinstance(duration, int | float):
        return duration
    told = {each.name: getattr(duration, each.name) for each in fields(duration)}  # type: ignore[arg-type]
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in told.items()}
    return {"distribution": kind_of(duration), **plain}


def _written(value: Any) -> str:
    """Write a number, a text, a list or an inline table of them as TOML does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value)
