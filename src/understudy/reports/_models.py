"""Attempts by the model that answered them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..events import CallEvent

Key = tuple[str | None, str | None]


def by_model(attempts: Sequence[CallEvent]) -> dict[Key, list[CallEvent]]:
    """Group attempts by provider and model.

    An attempt that failed before an answer names only the model that was asked for: it
    goes with the one that answers to that name, if there is just one.
    """
    answering = _answering(attempts)
    groups: dict[Key, list[CallEvent]] = defaultdict(list)
    for event in attempts:
        groups[event.provider, _model(event, answering)].append(event)
    return groups


def _answering(attempts: Iterable[CallEvent]) -> dict[Key, str]:
    answers: dict[Key, set[str]] = defaultdict(set)
    for event in attempts:
        if event.response_model:
            answers[event.provider, event.request_model].add(event.response_model)
    return {asked: models.pop() for asked, models in answers.items() if len(models) == 1}


def _model(event: CallEvent, answering: dict[Key, str]) -> str | None:
    if event.response_model:
        return event.response_model
    return answering.get((event.provider, event.request_model), event.request_model)
