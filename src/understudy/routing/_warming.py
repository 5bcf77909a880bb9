"""Asks in advance for answers that will be wanted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarmReport:
    """How many answers were asked for, how many were there already, and which failed.

    `failed` holds the places of the requests with what they failed of.
    """

    warmed: int = 0
    already: int = 0
    failed: tuple[tuple[int, Exception], ...] = ()


def warm_report(outcomes: list[bool | Exception]) -> WarmReport:
    """Sum up: True was asked for, False was there."""
    failed = [(place, one) for place, one in enumerate(outcomes) if isinstance(one, Exception)]
    return WarmReport(outcomes.count(True), outcomes.count(False), tuple(failed))
