"""Where the time of one answer went, by the engine's own clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...calls import Usage

#: Twelve days: what is longer is no time of an answer.
_LONGEST: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds that an engine told; None is unknown, never 0.

    `load_ms` is how long it took until the model was ready; with `is_load` the engine says that
    it was loaded, otherwise it may have been resident; with `only_readies` the call did nothing
    else. `together_ms` is prompt and generation, where they are not told apart. `usage` is what
    the same block counts, in its own words in `usage_raw`, for answers that have no usage block.
    """

    load_ms: float | None = None
    is_load: bool = False
    only_readies: bool = False
    queue_ms: float | None = None
    prompt_ms: float | None = None
    decode_ms: float | None = None
    together_ms: float | None = None
    usage: Usage | None = None
    usage_raw: Mapping[str, Any] | None = None

    @property
    def inference_ms(self) -> float | None:
        """How long prompt and generation took, without loading and waiting."""
        if self.together_ms is not None or self.prompt_ms is None or self.decode_ms is None:
            return self.together_ms
        return self.prompt_ms + self.decode_ms

    def after(self, before: Timings | None) -> Timings:
        """Return these, with a load that an earlier event of the same stream told."""
        if before is None or not before.is_load or self.load_ms is not None:
            return self
        return replace(self, load_ms=before.load_ms, is_load=True)


def milliseconds(value: Any, unit: float = 1.0) -> float | None:
    """Return a time in milliseconds, of which `unit` make one of `value`'s; None for no time."""
    if type(value) is not float and type(value) is not int:
        return None
    if not 0 <= value <= _LONGEST / unit:  # NaN is not either
        return None
    return value * unit
