"""Which model answers first: for people, for a dispatcher and for a router."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from statistics import median
from typing import TYPE_CHECKING, Final

from ._groups import rank_of
from ._speed import Speed, one_source_each, speed_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ._efficiency import ModelEfficiency

#: What fewer answers say is drawn towards what models usually take.
ENOUGH: Final = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """A model in its place. `expected_ms` is None where nobody can tell, and `reason` says why."""

    component: str
    expected_ms: float | None
    source: str | None
    reason: str | None = None


class Ranking:
    """Models by what an answer is expected to take, loading included where one must load.

    `sources_differ` where no source has measured all of them, so that some figures hold the
    network and others do not.
    """

    def __init__(self, models: Iterable[ModelEfficiency]) -> None:
        models = sorted(models, key=lambda each: rank_of(each.source), reverse=True)
        self._loads = {each.component: each.load_seconds for each in models}
        chosen = one_source_each(models).values()
        self._speeds = {each.component: each for each in map(speed_of, chosen) if each}
        self.sources_differ = len({each.source for each in self._speeds.values()}) > 1

    @property
    def components(self) -> tuple[str, ...]:
        """All models of which anything is known."""
        return tuple(self._loads)

    @property
    def by_token(self) -> tuple[str, ...]:
        """The models of which answers were measured, the fastest by the token first."""
        return tuple(sorted(self._speeds, key=lambda each: self._speeds[each].token_ms))

    def expected_ms(
        self, component: str, *, prompt_tokens: int, output_tokens: int, resident: bool = True
    ) -> float | None:
        """Return what an answer is expected to take, None where nobody can tell.

        (resident ? 0 : load) + fixed + prompt_tokens · prompt + output_tokens · token.
        Fewer than five answers are drawn towards the median of all models.
        """
        speed = self._speeds.get(component)
        load = 0.0 if resident else self._loads.get(component)
        if speed is None or load is None:
            return None
        own = speed.answer_ms(prompt_tokens, output_tokens)
        if speed.samples < ENOUGH:
            usual = median(
                each.answer_ms(prompt_tokens, output_tokens) for each in self._speeds.values()
            )
            own = usual + (own - usual) * speed.samples / ENOUGH
        return 1000 * load + own

    def rank(
        self,
        components: Iterable[str] | None = None,
        *,
        prompt_tokens: int = 0,
        output_tokens: int,
        resident: Collection[str] | None = None,
    ) -> tuple[Ranked, ...]:
        """Return models in their order, the best first; those that nobody can tell of last.

        Args:
            components: the models in question; all that are known by default.
            prompt_tokens: of the request.
            output_tokens: of the answer that is awaited.
            resident: the models that are loaded; all by default.
        """
        tokens = {"prompt_tokens": prompt_tokens, "output_tokens": output_tokens}
        named = self.components if components is None else dict.fromkeys(components)
        loaded = named if resident is None else resident
        found = [
            self._ranked(each, self.expected_ms(each, resident=each in loaded, **tokens))
            for each in named
        ]
        return tuple(sorted(found, key=lambda each: (_last(each.expected_ms), each.component)))

    def answer_ms(
        self, _provider: str, model: str, input_tokens: int, output_tokens: int
    ) -> float | None:
        """Return the same of a model that is loaded, as a router's balancing asks for it.

        Whoever serves the model, it is known by its name alone.
        """
        return self.expected_ms(model, prompt_tokens=input_tokens, output_tokens=output_tokens)

    def crossover(self, slower: str, faster: str, *, prompt_tokens: int = 0) -> float | None:
        """Return from how many tokens on loading `faster` beats `slower`, which is loaded.

        load / (slow - fast), the fixed parts and the prompt taken into account; 0 where it always
        does, None where it never does or nobody can tell.
        """
        slow, fast = self._speeds.get(slower), self._speeds.get(faster)
        load = self._loads.get(faster)
        if slow is None or fast is None or load is None or fast.token_ms >= slow.token_ms:
            return None
        lead = 1000 * load + fast.answer_ms(prompt_tokens, 0) - slow.answer_ms(prompt_tokens, 0)
        return max(0.0, lead / (slow.token_ms - fast.token_ms))

    def _ranked(self, component: str, expected_ms: float | None) -> Ranked:
        speed = self._speeds.get(component)
        source = None if speed is None else speed.source
        return Ranked(component, expected_ms, source, _reason(speed, expected_ms))


def _reason(speed: Speed | None, expected_ms: float | None) -> str | None:
    if speed is None:
        return "no answer of it was measured"
    if expected_ms is None:
        return "it is not loaded, and how long it loads is not known"
    if speed.samples < ENOUGH:
        return f"few answers ({speed.samples}): drawn towards the median of all models"
    return None


def _last(expected_ms: float | None) -> float:
    return inf if expected_ms is None else expected_ms
