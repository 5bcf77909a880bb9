"""The parts of a policy that hold for nothing."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from .policy import matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .policy import Policy


def unused_parts(policy: Policy, tests: Collection[str], groups: Collection[str]) -> Iterator[str]:
    """Name the globs of a policy that fit none of the tests, or of the groups, that there are."""
    tables = (("tests", policy.tests, tests), ("groups", policy.groups, groups))
    for table, globs, names in tables:
        for glob in globs:
            if not any(matches(glob, name) for name in names):
                nearest = get_close_matches(glob, names, n=1)
                hint = f"; nearest is {nearest[0]!r}" if nearest else ""
                yield f"{glob!r} in [tool.understudy.gates.{table}] fits nothing{hint}"
