"""The fixture `llm_estimate`: the prediction for the calls made inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ...events import parse_estimate
from ...telemetry import EstimateScope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...events import Complexity
    from ...telemetry import Telemetry


class Predict(Protocol):
    """What the fixture `llm_estimate` gives."""

    def __call__(
        self,
        output_tokens: int,
        *,
        budget: int | None = None,
        category: str | None = None,
        complexity: Complexity | None = None,
        deliverables: Sequence[str] | None = None,
        prompt_tokens: int | None = None,
        model: str | None = None,
    ) -> EstimateScope:
        """Return a context manager, sync and async: the prediction for the calls made inside.

        Raises:
            EstimateError: a value cannot be used.
        """
        ...


def predict_in(telemetry: Telemetry) -> Predict:
    """Return what makes predictions for the calls that `telemetry` sees."""

    def predict(output_tokens: int, **more: object) -> EstimateScope:
        fields = {"output_tokens": output_tokens, **more}
        estimate = parse_estimate(fields, where="llm_estimate")
        return EstimateScope(telemetry.estimates, estimate)

    return predict
