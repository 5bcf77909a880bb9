"""How amounts are written."""

from __future__ import annotations

from typing import Any

from ...events import usd
from .._number_format import dollars

UNKNOWN = "-"


def amount(nanousd: int | None) -> str:
    """Write an amount: `$12.35`, `-$0.000350` for a correction, `-` where nobody knows."""
    if nanousd is None:
        return UNKNOWN
    return f"-{dollars(-nanousd)}" if nanousd < 0 else dollars(nanousd)


def as_json(name: str, nanousd: int | None) -> dict[str, Any]:
    """Return an amount twice: whole nano-USD, and USD that is not rounded."""
    return {
        f"{name}_nanousd": nanousd,
        f"{name}_usd": None if nanousd is None else float(usd(nanousd)),
    }


def percent(value: float | None, *, sign: bool = False) -> str:
    """Write a share: `62 %`, with a sign `+12 %`."""
    if value is None:
        return UNKNOWN
    return f"{value:+,.0f} %" if sign else f"{value:,.0f} %"
