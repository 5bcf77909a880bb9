"""What a scrape gets, and what a file for the node exporter holds."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from ..errors import SettingsError
from ._families import untyped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_OPENMETRICS: Final = "application/openmetrics-text"
_CLASSIC: Final = "text/plain"
#: The counter that stands in the classic text under its bare name, too.
_BARE: Final = "llm_cost_usd"


@dataclass(frozen=True, slots=True)
class Page:
    """The text of all metrics, and its `Content-Type`."""

    body: bytes
    content_type: str


class _WithBareCost:
    """A registry whose counter of costs can be read as `llm_cost_usd`, without `_total`.

    A counter of the client's always ends so. OpenMetrics allows no name that differs in that only.
    """

    def __init__(self, registry: Any) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Any]:
        """Yield the families, and the costs twice."""
        for family in self._registry.collect():
            yield family
            if family.name == _BARE:
                bare = untyped(_BARE, family.documentation)
                for sample in family.samples:
                    bare.add_sample(_BARE, sample.labels, sample.value)
                yield bare


class Exposition:
    """Writes a registry in the format that is asked for, at most once a second for each.

    Args:
        registry: of prometheus-client.
        now: seconds that only grow.
        keep_seconds: how long a page is given out again.
    """

    def __init__(
        self, registry: Any, *, now: Callable[[], float], keep_seconds: float = 1.0
    ) -> None:
        self._registry = registry
        self._now = now
        self._keep_seconds = keep_seconds
        self._lock = Lock()
        self._kept: dict[bool, tuple[float, Page]] = {}

    def render(self, accept: str = "") -> Page:
        """Return the page for a header `Accept`: OpenMetrics where that is preferred."""
        is_open = _prefers_openmetrics(accept)
        with self._lock:
            until, page = self._kept.get(is_open, (0.0, None))
            now = self._now()
            if page is None or now >= until:
                page = _open_page(self._registry) if is_open else _classic_page(self._registry)
                self._kept[is_open] = (now + self._keep_seconds, page)
            return page


def _prefers_openmetrics(accept: str) -> bool:
    """Tell which of the two is named with the higher quality, the first of two alike."""
    best, is_open = 0.0, False
    for accepted in accept.split(","):
        name, *parameters = (part.strip().lower() for part in accepted.split(";"))
        quality = _quality(parameters)
        if name in {_OPENMETRICS, _CLASSIC} and quality > best:
            best, is_open = quality, name == _OPENMETRICS
    return is_open


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def _open_page(registry: Any) -> Page:
    from prometheus_client.openmetrics import exposition  # noqa: PLC0415 - only who scrapes

    body: bytes = exposition.generate_latest(registry)  # type: ignore[no-untyped-call]
    return Page(body, f"{_OPENMETRICS}; version=1.0.0; charset=utf-8")


def _classic_page(registry: Any) -> Page:
    return Page(classic_text(registry), f"{_CLASSIC}; version=0.0.4; charset=utf-8")


def classic_text(registry: Any) -> bytes:
    """Return a registry in the classic text format (0.0.4)."""
    from prometheus_client import generate_latest  # noqa: PLC0415 - only who writes it

    return generate_latest(_WithBareCost(registry))


def new_registry(what: str = "a page of metrics") -> Any:
    """Return an empty registry of prometheus-client.

    Raises:
        SettingsError: it is not installed; `what` is said to need it.
    """
    try:
        from prometheus_client import CollectorRegistry  # noqa: PLC0415 - an extra
    except ImportError:
        msg = f"{what} needs prometheus-client: pip install 'pytest-understudy[gateway]'"
        raise SettingsError(msg) from None
    return CollectorRegistry()
