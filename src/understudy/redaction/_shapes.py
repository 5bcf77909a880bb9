"""Texts without the keys that are known by their shape, whoever wrote them wherever."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ._known_keys import KEY_SHAPES
from ._names import is_chosen_by_people, is_secret_variable
from ._spans import Span, without_spans
from ._values import looks_random, may_be_real

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Addresses, names and header values: the same few again and again.
_SHORT: Final = 200
_MARKERS: Final = tuple((marker, shape) for shape in KEY_SHAPES for marker in shape.markers)
#: What begins a word, up to a joint: `sk-` of `sk-ant-`. The markers that have none are `_SOLID`.
_HEAD: Final = re.compile(r"[A-Za-z0-9]+[-_.]")
_AT_START: Final = [marker for marker, shape in _MARKERS if shape.begins_word]
_HEADS: Final = frozenset({"", *(head[0] for each in _AT_START if (head := _HEAD.match(each)))})
_SOLID: Final = "|".join(re.escape(each) for each in _AT_START if not _HEAD.match(each))
_WORDS: Final = re.compile(
    r"[^A-Za-z0-9](?:(?=[0-9a-f]{32}\.)"
    rf"|(?<!_)(?={_SOLID}|([A-Za-z0-9]++[-_.])[\w./+-]{{8}}))"
)
#: What the others hold, and escapes, behind which a word may begin.
_SIGNS: Final = ("\\", "%", "=", " ")
_ANYWHERE: Final = _SIGNS + tuple(
    marker
    for marker, shape in _MARKERS
    if not (shape.begins_word or marker.endswith(".") or any(sign in marker for sign in _SIGNS))
)
_OWNERS: Final = ("organisation id", "project id")
#: Kinds that are told by what stands around them: there a stand-in may stand as well.
TOLD_BY_CONTEXT: Final = frozenset(shape.kind for shape in KEY_SHAPES if shape.has_context)


def keys_in(text: str, *, judged: bool = True) -> Sequence[Span]:
    """Return where keys stand in `text`; several shapes may claim the same one.

    Without `judged`, words that begin as a key does count as one.
    """
    return _in_short_text(text, judged) if len(text) <= _SHORT else _in_text(text, judged)


def without_keys(text: str) -> str:
    """Return a name or an id without keys; ids of organisations and projects stay."""
    if not may_hold_keys(text):
        return text
    return without_spans(text, [span for span in keys_in(text) if span.kind not in _OWNERS])


def looks_real(value: str) -> bool:
    """Tell whether a value is a secret whatever it is called: drawn, or of a key's shape."""
    return may_be_real(value) and (looks_random(value) or bool(keys_in(value)))


def secret_values(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that an environment holds, each with the name of its variable.

    What people choose themselves need not look drawn.
    """
    return {
        value: name
        for name, value in ((name, value.strip()) for name, value in environment.items())
        if is_secret_variable(name)
        and (looks_real(value) or (is_chosen_by_people(name) and may_be_real(value)))
    }


@lru_cache(maxsize=1024)
def may_hold_keys(text: str) -> bool:
    """Tell, at a tenth of the cost, whether a look is worth it."""
    if any(map(text.__contains__, _ANYWHERE)):
        return True
    return not _HEADS.isdisjoint(_WORDS.findall("\n" + text))


def _in_text(text: str, judged: bool) -> tuple[Span, ...]:  # noqa: FBT001 - it is a key of the cache
    shapes = dict.fromkeys([shape for marker, shape in _MARKERS if marker in text])
    return tuple(span for shape in shapes for span in shape.spans(text, judged=judged))


_in_short_text: Final = lru_cache(maxsize=1024)(_in_text)
