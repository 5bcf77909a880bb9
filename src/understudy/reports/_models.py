"""Which row of the table of models an attempt stands in."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..events import CallEvent

#: A provider and a model; None where a call does not name it.
Key: TypeAlias = tuple[str | None, str | None]

#: What comes behind a model's name where it stands for one version of it.
_VERSION: Final = re.compile(
    r"[-:](preview-)?(\d{3,8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2,4}|v\d+)(-?v\d+)?(:\d+)?"
)
#: What comes behind a name that stands for the newest version.
_NEWEST: Final = re.compile(r"([-:]latest|-0)$")
#: What Bedrock writes around the maker's own name: region and maker, version.
_BEDROCK: Final = re.compile(r"(?:[a-z]+\.){1,2}(?P<name>[a-z].*?)(-v\d+)?(:\d+)?")


def by_model(attempts: Sequence[CallEvent]) -> dict[Key, list[CallEvent]]:
    """Group attempts by provider and model.

    An attempt that failed before an answer names only the model that was asked for. Where that
    name is an alias, and one version of it has answered, it goes with that one.
    """
    versions = _versions(attempts)
    groups: dict[Key, list[CallEvent]] = defaultdict(list)
    for event in attempts:
        asked = event.provider, event.request_model
        model = event.response_model or versions.get(asked, event.request_model)
        groups[event.provider, model].append(event)
    return groups


def _versions(attempts: Iterable[CallEvent]) -> dict[Key, str]:
    answered: dict[Key, set[str]] = defaultdict(set)
    for event in attempts:
        asked, model = event.request_model, event.response_model
        if asked and model and is_version_of(model, asked):
            answered[event.provider, asked].add(model)
    return {asked: models.pop() for asked, models in answered.items() if len(models) == 1}


def is_version_of(model: str, asked: str) -> bool:
    """Tell whether `asked` is an alias of `model`, and not another model's name.

    `gpt-4o-2024-08-06` is a version of `gpt-4o`, `gpt-4o-mini` is none: a gateway may answer
    with whichever model it likes.
    """
    model, asked = _without_maker(model, like=asked), _without_maker(asked, like=model)
    if (at_bedrock := _BEDROCK.fullmatch(asked)) and at_bedrock["name"] == model:
        return True
    stem = _NEWEST.sub("", asked)
    rest = model.removeprefix(stem)
    return model == stem or (rest != model and _VERSION.fullmatch(rest) is not None)


def _without_maker(name: str, *, like: str) -> str:
    """Leave out the path before a name where the other one has none; `@` is Vertex's dash."""
    plain = name if "/" in like else name.rpartition("/")[2]
    return plain.replace("@", "-")
