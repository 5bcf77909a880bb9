"""How each test fared with its cassettes, in a word."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from ..telemetry import CASSETTE_VERDICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from ....telemetry import Owner

#: Of several cassettes of a test, the word furthest down counts.
_WORDS: Final = ("hit", "recorded", "live", "partial", "miss")
#: What is told by name, as nothing else tells it.
_UNTOLD: Final = ("live", "partial")
_MOST_NAMES: Final = 10


class Verdicts:
    """The verdicts of a run; `by_test` has them by node id."""

    def __init__(self) -> None:
        self.by_test: dict[str, str] = {}
        self._noted: WeakSet[Owner] = WeakSet()

    def note(self, owner: Owner, item: pytest.Item, verdict: str | None) -> None:
        """Take how one cassette of a test fared; None where it was not asked.

        `owner` is that run of the test: what an earlier run of it did does not count.
        """
        if owner not in self._noted:
            self._noted.add(owner)
            self.by_test.pop(item.nodeid, None)
            _put(item, None)
        if verdict is not None:
            worst = max(verdict, self.by_test.get(item.nodeid, verdict), key=_WORDS.index)
            self.by_test[item.nodeid] = worst
            _put(item, worst)

    def lines(self, *, every: bool) -> Iterator[str]:
        """Yield how many tests fared how, and which; `every` names all of them."""
        counts = Counter(self.by_test.values())
        told = [f"{counts[word]} {word}" for word in _WORDS if counts[word]]
        if told:
            yield f"cassettes  {', '.join(told)}"
        for word in _WORDS if every else _UNTOLD:
            names = sorted(name for name, verdict in self.by_test.items() if verdict == word)
            first = names if every else names[:_MOST_NAMES]
            yield from (f"  {word:8}  {name}" for name in first)
            if first != names:
                yield f"  {word:8}  … and {len(names) - len(first)} further tests; -v names all"


def _put(item: pytest.Item, verdict: str | None) -> None:
    """Set the property of a test's report, which JUnit and the store show."""
    others = [each for each in item.user_properties if each[0] != CASSETTE_VERDICT]
    mine = [] if verdict is None else [(CASSETTE_VERDICT, verdict)]
    item.user_properties[:] = [*others, *mine]
