"""Metrics that plugins register, beside our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..errors import RegistrationError
from ._metric import METRICS, Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..events import CallEvent


class RegisteredMetrics:
    """Takes metrics; pass the bound `register` to the hook `register_metrics`."""

    def __init__(self) -> None:
        self._own: dict[str, Metric] = {}

    def register(
        self,
        name: str,
        measure: Callable[[Sequence[CallEvent]], float | None],
        *,
        unit: str = "",
        direction: Literal["lower", "higher"] = "lower",
        timed: bool = False,
        gated: bool = True,
    ) -> None:
        """Add a metric: `measure` reads its figure off the calls of one test, None for unknown.

        `direction` is the better one. `timed` figures are read off a clock, and judged as
        latencies are. Where it is not `gated`, it is judged only where a policy names it.

        Raises:
            RegistrationError: the name is no identifier or taken, or nothing can be called.
        """
        if not name.isidentifier() or name in METRICS or name in self._own:
            why = "taken" if name in METRICS or name in self._own else "no identifier"
            msg = f"register_metrics: the name {name!r} is {why}."
            raise RegistrationError(msg)
        is_usable = callable(measure)
        if not is_usable or direction not in {"lower", "higher"}:
            msg = (
                f"register_metrics: {name!r} needs a function of the calls of a test,"
                " and direction 'lower' or 'higher'."
            )
            raise RegistrationError(msg)
        self._own[name] = Metric(
            name=name,
            unit=unit,
            measure=measure,
            higher_is_better=direction == "higher",
            timed=timed,
            gated=gated,
        )

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """All metrics by name, ours first."""
        return {**METRICS, **self._own}
