"""Numbers and texts within the bounds of a schema."""

from __future__ import annotations

from math import ceil, floor, inf, isclose
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ._patterns import sample_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAIN: Final = (1, 0)


class _Bounds(NamedTuple):
    """The least and the largest number, infinite where there is none; some are excluded."""

    low: float
    high: float
    excluded: frozenset[float]

    def hold(self, number: float) -> bool:
        return self.low <= number <= self.high and number not in self.excluded


def sample_number(schema: Mapping[str, Any], *, whole: bool) -> float:
    """Return 1 where the bounds allow it, or else a number at or near one of them."""
    step = schema.get("multipleOf") or (1 if whole else None)
    bounds = _bounds_of(schema)
    for number in (*_PLAIN, *_near(bounds, step)):
        is_step = step is None or isclose(number / step, round(number / step), abs_tol=1e-9)
        if is_step and bounds.hold(number) and not (whole and number % 1):
            return int(number) if whole else number
    return 1


def _bounds_of(schema: Mapping[str, Any]) -> _Bounds:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    # OpenAPI 3.0 has a boolean there, JSON Schema the bound itself.
    above = low if above is True else None if above is False else above
    below = high if below is True else None if below is False else below
    return _Bounds(
        max((bound for bound in (low, above) if bound is not None), default=-inf),
        min((bound for bound in (high, below) if bound is not None), default=inf),
        frozenset(bound for bound in (above, below) if bound is not None),
    )


def _near(bounds: _Bounds, step: float | None) -> Iterator[float]:
    """Yield numbers at the bounds and beside them, on the steps where there are some."""
    finite = [bound for bound in (bounds.low, bounds.high) if abs(bound) != inf]
    if step is None:
        yield from (bound + beside for bound in finite for beside in (0, 1, -1))
    else:
        yield step
        for bound in finite:
            below, above = floor(bound / step), ceil(bound / step)
            yield from (number * step for number in (below, above, below - 1, above + 1))
    if finite:
        yield sum(finite) / len(finite)


_FORMATS: Final = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "ipvanyaddress": "192.0.2.1",
    "json-string": "{}",
    "uri": "https://example.com/",
    "uri-reference": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "binary": "text",
    "byte": "dGV4dA==",
    "base64url": "dGV4dA==",
}


def sample_text(schema: Mapping[str, Any], name: str) -> str:
    """Return a text that the schema accepts: its name, where nothing else is wanted."""
    wanted = schema.get("format")
    if isinstance(wanted, str) and wanted in _FORMATS:
        return _FORMATS[wanted]
    pattern = schema.get("pattern")
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if isinstance(pattern, str):
        return sample_pattern(pattern, least=least)
    text = name if len(name) >= least else name.ljust(least, ".")
    return text if most is None else text[:most]
