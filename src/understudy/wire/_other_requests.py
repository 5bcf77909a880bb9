"""Requests to providers that are no calls to a model: what they are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._provider import OtherPath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._provider import Provider
    from ._target import Target

# The same with many. Token counts stand below the paths of calls, so they are asked for first;
# calls have `models` in their paths, so lists of models are asked for last.
_TOKEN_COUNTS: Final = OtherPath.of(
    "aux.{}", r"\b(count_tokens|count-tokens|countTokens|tokenize|input_tokens)$"
)
_MODELS: Final = OtherPath.of("aux.models", r"/models(?:/|$)")


class OtherRequests:
    """The names of the requests of all providers that are no calls."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        own = [(path, each.name) for each in providers for path in each.other_paths]
        self._paths = [(_TOKEN_COUNTS, ""), *own, (_MODELS, "")]

    def name_of(self, target: Target) -> str:
        """Name a request in the words of its path and of who answers; `other` if nobody can."""
        names = (
            path.name_in(target.path)
            for path, provider in self._paths
            if path.anywhere or provider == target.provider
        )
        return next(filter(None, names), "other")
