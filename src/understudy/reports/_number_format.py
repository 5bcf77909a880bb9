"""How figures are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..events import usd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._figures import Total

_SECOND: Final = 1000
_MINUTE: Final = 60
_ONE_DECIMAL: Final = 10
_DOLLAR: Final = 1_000_000_000
_MICRODOLLAR: Final = 1000
#: Below it, six decimals would leave fewer than three digits.
_SMALL: Final = 100 * _MICRODOLLAR
#: From here on six decimals show at least two digits.
_TWO_DIGITS: Final = 10 * _MICRODOLLAR
_GAP: Final = "..."
#: Marks a cost that the provider reported.
REPORTED: Final = "^"


def tokens(total: Total) -> str:
    """Write tokens: `12,345`, `12,345+` where some are unknown, `n/a` where all are."""
    if total.value is None:
        return "n/a" if total.missing else "-"
    return f"{total.value:,}{'+' if total.missing else ''}"


def cost(total: Total, digits: int | None = None) -> str:
    """Write a cost: `$0.012300`, `$0.012300 + 2 unpriced`, `unpriced`.

    `$0.012300^` is one that the provider reported itself, all of it or some.
    """
    if total.value is None:
        return "unpriced" if total.missing else "-"
    unpriced = f" + {total.missing:,} unpriced" if total.missing else ""
    return dollars(total.value, digits) + (REPORTED if total.reported else "") + unpriced


def costs_alike(totals: Iterable[Total]) -> list[str]:
    """Write costs that stand below each other with the same decimals: six, or what is needed."""
    totals = list(totals)
    known = [total.value for total in totals if total.value]
    digits = 6 if min(known, default=0) >= _TWO_DIGITS else max(map(_digits, known), default=6)
    if known and min(known) >= _DOLLAR:
        digits = max(map(_digits, known))
    return [cost(total, digits) for total in totals]


def dollars(nanousd: int, digits: int | None = None) -> str:
    """Write 1e-9 USD with the digits that matter: `$12.35`, `$0.000350`, `$0.000003600`."""
    return f"${float(usd(nanousd)):,.{_digits(nanousd) if digits is None else digits}f}"


def _digits(nanousd: int) -> int:
    if nanousd >= 10 * _DOLLAR:
        return 2
    if nanousd >= _DOLLAR:
        return 4
    return 9 if nanousd < _SMALL and nanousd % _MICRODOLLAR else 6


def milliseconds(duration: float) -> str:
    """Write a duration with the digits that matter: `0.4 ms`, `850 ms`, `1.24 s`, `3 min 05 s`."""
    if round(duration, 1) < _ONE_DECIMAL:
        return f"{duration:.1f} ms"
    if round(duration) < _SECOND:
        return f"{duration:.0f} ms"
    seconds = duration / _SECOND
    if round(seconds) < 2 * _MINUTE:
        return f"{seconds:.2f} s" if round(seconds, 2) < _ONE_DECIMAL else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes:,} min {rest:02} s"


def latency(figure: float | None, *, measured: bool = True) -> str:
    """Write a latency, with a star where no provider was measured."""
    if figure is None:
        return "-"
    return milliseconds(figure) + ("" if measured else "*")


def shorten(text: str, width: int) -> str:
    """Cut a text in its middle so that it is at most `width` characters long."""
    if len(text) <= width:
        return text
    if width <= len(_GAP):
        return text[:width]
    kept = width - len(_GAP)
    end = kept // 2
    return text[: kept - end] + _GAP + (text[-end:] if end else "")
