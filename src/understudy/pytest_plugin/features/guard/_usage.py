"""What is said of the guard at the end of a run, and what fails it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ....intercept.guard import Refusal


class GuardUsage:
    """Keeps what no test can be told.

    `strays` are the words of what was refused to tests that had ended, `dropped` the reports of
    SDKs by where they would have gone, `unseen` the loaded modules that connect past any guard.
    """

    def __init__(self) -> None:
        self.strays: list[str] = []
        self.dropped: Counter[str] = Counter()
        self.unseen: list[str] = []

    def stray(self, refusals: Iterable[Refusal]) -> None:
        """Keep what was refused to a test that had ended."""
        self.strays += [
            f"{each.owner} had ended when {replace(each, owner=None, stage=None).message}"
            for each in refusals
        ]

    def see(self, modules: Iterable[str]) -> None:
        """Keep modules that were loaded where tests are guarded."""
        self.unseen += [one for one in modules if one not in self.unseen]

    def handover(self) -> dict[str, Any]:
        """Return what a worker hands over."""
        return {"strays": self.strays, "dropped": dict(self.dropped), "unseen": self.unseen}

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed over."""
        self.strays += handed["strays"]
        self.dropped.update(handed["dropped"])
        self.see(handed["unseen"])

    def has_news(self) -> bool:
        """Tell whether anything is to be said."""
        return bool(self.strays or self.dropped or self.unseen)

    def lines(self) -> Iterator[str]:
        """Yield what is to be said at the end of a run."""
        for stray in dict.fromkeys(self.strays):
            yield f"the run fails, since {stray}"
        if self.dropped:
            yield _dropped(self.dropped)
        if self.unseen:
            yield (
                f"no guard sees the connections of {', '.join(self.unseen)}, which guarded tests"
                " may have used."
            )


def _dropped(dropped: Counter[str]) -> str:
    places = list(dropped)
    others = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return (
        f"what SDKs report on their own was dropped in guarded tests ({dropped.total()}):"
        f" {places[0]}{others}."
    )
