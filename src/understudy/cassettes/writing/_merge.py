"""Puts new interactions among those of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from .._stored_interaction import StoredInteraction


def merged(
    current: Sequence[StoredInteraction],
    new: Sequence[StoredInteraction],
    *,
    replaceable: Collection[bytes] = (),
    same: Callable[[StoredInteraction, StoredInteraction], bool] = lambda _new, _old: True,
) -> list[StoredInteraction]:
    """Return what the file is to hold: the current interactions, then the new ones.

    Of the current ones, those whose identity is `replaceable` give their place to the new ones
    of the same key for which `same` holds.
    """
    rivals: dict[str, list[StoredInteraction]] = {}
    for entry in new:
        rivals.setdefault(entry.keys.loose, []).append(entry)
    kept: list[StoredInteraction] = []
    placed: set[int] = set()
    for old in current:
        known = rivals.get(old.keys.loose, ()) if replaceable else ()
        heirs = [each for each in known if same(each, old)]
        if not heirs or old.identity not in replaceable:
            kept.append(old)
            continue
        kept += [each for each in heirs if id(each) not in placed]
        placed.update(map(id, heirs))
    return [*kept, *(each for each in new if id(each) not in placed)]
