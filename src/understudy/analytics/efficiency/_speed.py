"""What an answer is expected to take, by what was measured of its model."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ._groups import SOURCES, rank_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._efficiency import ModelEfficiency

#: A line through fewer answers is no better than their mean.
_LEAST_FITTED: Final = 20


@dataclass(frozen=True, slots=True)
class Speed:
    """An answer takes `fixed_ms`, and so much for each token of prompt and of answer."""

    component: str
    source: str
    samples: int
    fixed_ms: float
    prompt_ms: float
    token_ms: float

    def answer_ms(self, prompt_tokens: int, output_tokens: int) -> float:
        """Return what an answer of the loaded model takes."""
        return self.fixed_ms + prompt_tokens * self.prompt_ms + output_tokens * self.token_ms


def speed_of(model: ModelEfficiency) -> Speed | None:
    """Return the speed of a model; None where no answer of it was measured.

    The engine's own times of prompt and generation, where it tells both; else a line through
    the answers, where it can be one; else the mean.
    """
    mean = model.ms_per_token
    if mean is None:
        return None
    fixed, prompt, token = 0.0, 0.0, mean
    decode, read, line = model.decode_ms_per_token, model.prompt_ms_per_token, model.line
    if decode is not None and read is not None:
        prompt, token = read, decode
    elif line is not None and model.sums.count >= _LEAST_FITTED and min(line) >= 0:
        fixed, token = line
    return Speed(model.component, model.source, model.sums.count, fixed, prompt, token)


def one_source_each(models: Iterable[ModelEfficiency]) -> dict[str, ModelEfficiency]:
    """Choose whose figures of each model count.

    Those of one source for all models, the nearest to them, where one has measured all; else
    for each model those of the source that has measured it most.
    """
    found: defaultdict[str, dict[str, ModelEfficiency]] = defaultdict(dict)
    for model in models:
        if model.sums.count:
            found[model.component][model.source] = model
    spread = Counter(source for measured in found.values() for source in measured)
    common = next((source for source in SOURCES if spread[source] == len(found)), None)
    return {
        component: measured[common] if common else max(measured.values(), key=_weight)
        for component, measured in found.items()
    }


def _weight(model: ModelEfficiency) -> tuple[int, int]:
    return model.sums.count, -rank_of(model.source)
