"""How figures are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..events import usd

if TYPE_CHECKING:
    from ._figures import Total

_SECOND: Final = 1000
_MINUTE: Final = 60
_ONE_DECIMAL: Final = 10
_DOLLAR: Final = 1_000_000_000
_MICRODOLLAR: Final = 1000
#: Below it, six decimals would leave fewer than three digits.
_SMALL: Final = 100 * _MICRODOLLAR
_GAP: Final = "..."
#: Marks a cost that the provider reported.
REPORTED: Final = "^"


def tokens(total: Total) -> str:
    """Write tokens: `12,345`, `12,345+` where some are unknown, `n/a` where all are."""
    if total.value is None:
        return "n/a" if total.missing else "-"
    return f"{total.value:,}{'+' if total.missing else ''}"


def cost(total: Total) -> str:
    """Write a cost: `$0.012300`, `$0.012300 + 2 unpriced`, `unpriced`.

    `$0.012300^` is one that the provider reported itself, all of it or some.
    """
    if total.value is None:
        return "unpriced" if total.missing else "-"
    unpriced = f" + {total.missing:,} unpriced" if total.missing else ""
    return dollars(total.value) + (REPORTED if total.reported else "") + unpriced


def dollars(nanousd: int) -> str:
    """Write 1e-9 USD with the digits that matter: `$12.35`, `$0.000350`, `$0.000003600`."""
    digits = 6
    if nanousd >= 10 * _DOLLAR:
        digits = 2
    elif nanousd >= _DOLLAR:
        digits = 4
    elif nanousd < _SMALL and nanousd % _MICRODOLLAR:
        digits = 9
    return f"${float(usd(nanousd)):,.{digits}f}"


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
