"""What holds for a cassette where its user says nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from ..clock import Clock, RealClock
from ..durable import state_folder
from ..providers import default_apis
from ._cassette import Cassette
from ._settings import RecordMode
from ._treatment import Treatment
from .matching import Matching
from .player import CassettePlayer, Passing
from .secrets import SecretScan, SecretsRedactor
from .view import LlmView

if TYPE_CHECKING:
    from pathlib import Path

    from ..wire import WireApis


_IN_CI: Final = (
    "The environment variable CI is set, so that nothing is recorded unless use_cassette says so"
    " (record_mode='once'): record elsewhere."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CassetteOverrides:
    """What the user of one cassette says; None is what holds by default.

    `note` is said of a miss, besides: why the mode is another than was asked for.
    """

    record_mode: RecordMode | None = None
    note: str = ""
    replay_speed: float | None = None
    matching: Matching | None = None
    treatment: Treatment | None = None
    passing: Passing = field(default_factory=Passing)


@dataclass(frozen=True, slots=True, kw_only=True)
class CassetteDefaults:
    """The defaults of a process: those of the run that hosts the cassettes, or our own.

    `root` is the folder below which cassettes are called by their paths; its `.understudy` is for
    locks, journals and compiled cassettes. None: whole paths, and a folder beside each file.
    `note` is said of a miss where `record_mode` holds.
    """

    record_mode: RecordMode
    note: str = ""
    replay_speed: float = 0.0
    clock: Clock = field(default_factory=RealClock)
    apis: WireApis = field(default_factory=default_apis)
    matching: Matching = field(default_factory=Matching)
    treatment: Treatment = field(default_factory=Treatment)
    root: Path | None = None

    @classmethod
    def default(cls) -> Self:
        """Record once, but nothing where `CI` is set, and take secrets out."""
        apis, in_ci = default_apis(), bool(os.environ.get("CI"))
        return cls(
            record_mode=RecordMode.NONE if in_ci else RecordMode.ONCE,
            note=_IN_CI if in_ci else "",
            apis=apis,
            treatment=treatment_with(SecretsRedactor(environment=os.environ), apis),
        )

    def open(
        self, path: str | os.PathLike[str], overrides: CassetteOverrides | None = None
    ) -> CassettePlayer:
        """Open the cassette at `path`, to be played and recorded.

        Raises:
            CassetteError: the file is damaged.
        """
        wanted = overrides or CassetteOverrides()
        cassette = Cassette.open(
            path,
            record_mode=wanted.record_mode or self.record_mode,
            matching=wanted.matching or self.matching,
            treatment=wanted.treatment or self.treatment,
            state=None if self.root is None else state_folder(self.root),
        )
        return CassettePlayer(
            cassette,
            clock=self.clock,
            apis=self.apis,
            replay_speed=self.replay_speed if wanted.replay_speed is None else wanted.replay_speed,
            passing=wanted.passing,
            name=self.name_of(cassette.path),
            note=self.note if wanted.record_mode is None else wanted.note,
        )

    def name_of(self, path: Path) -> str:
        """Return what a cassette is called in events and reports."""
        if self.root is None or not path.is_relative_to(self.root):
            return str(path)
        return path.relative_to(self.root).as_posix()


def treatment_with(redactor: SecretsRedactor, apis: WireApis) -> Treatment:
    """Return the treatment that takes secrets out, adds the view, and scans what was saved."""
    return Treatment(redactor=redactor, view=LlmView(apis), after_save=SecretScan(redactor))
