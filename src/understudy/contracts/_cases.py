"""The checks of a contract as values, for whoever runs them without pytest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ._check import Check
from ._running import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._rig import Rig


@dataclass(frozen=True, slots=True)
class Case:
    """One check with one set of arguments; `name` is that of pytest's test."""

    name: str
    check: Check
    contract: type
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def run(self, rig: Rig) -> None:
        """Run the check.

        Raises:
            AssertionError: the router does not pass.
            Lacks: it lacks what the check is about.
        """
        test = getattr(self.contract, self.name.partition("[")[0])
        run(rig, test.__wrapped__(self.contract(), rig, **self.arguments))


def checks_of(contract: type) -> dict[str, Check]:
    """Return the checks of a class by their names."""
    found = {name: getattr(getattr(contract, name), "check", None) for name in dir(contract)}
    return {name: about for name, about in found.items() if isinstance(about, Check)}


def cases_of(contract: type) -> Iterator[Case]:
    """Yield all checks with all their arguments."""
    for name, about in checks_of(contract).items():
        marks = getattr(getattr(contract, name), "pytestmark", [])
        if not marks:
            yield Case(name, about, contract)
            continue
        names, values = marks[0].args
        columns = [names] if isinstance(names, str) else names
        rows = [row if isinstance(row, tuple) else (row,) for row in values]
        words = [str(word) for word in marks[0].kwargs.get("ids") or (row[0] for row in rows)]
        for word, row in zip(words, rows, strict=True):
            arguments = dict(zip(columns, row, strict=True))
            yield Case(f"{name}[{word}]", about, contract, arguments)
