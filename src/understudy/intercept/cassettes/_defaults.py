"""What holds for a cassette where its user says nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from ...cassettes import Matching, RecordMode, Treatment
from ...cassettes.secrets import SecretScan, SecretsRedactor
from ...cassettes.view import LlmView
from ...clock import RealClock
from ...wire import WireApis

if TYPE_CHECKING:
    from pathlib import Path

    from ...clock import Clock

_STATE_FOLDER: Final = ".understudy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CassetteDefaults:
    """The defaults of a process: those of the run that hosts the cassettes, or our own.

    `root` is the folder below which cassettes are called by their paths; its `.understudy` is for
    locks, journals and compiled cassettes. None: whole paths, and a folder beside each file.
    """

    record_mode: RecordMode
    replay_speed: float = 0.0
    clock: Clock = field(default_factory=RealClock)
    apis: WireApis = field(default_factory=WireApis.default)
    matching: Matching = field(default_factory=Matching)
    treatment: Treatment = field(default_factory=Treatment)
    root: Path | None = None

    @property
    def state(self) -> Path | None:
        """The folder for what is kept beside cassettes."""
        return None if self.root is None else self.root / _STATE_FOLDER

    def name_of(self, path: Path) -> str:
        """Return what a cassette is called in events and reports."""
        if self.root is None or not path.is_relative_to(self.root):
            return str(path)
        return path.relative_to(self.root).as_posix()

    @classmethod
    def default(cls) -> Self:
        """Record once, but nothing where `CI` is set, and take secrets out."""
        apis = WireApis.default()
        redactor = SecretsRedactor(environment=os.environ)
        return cls(
            record_mode=RecordMode.NONE if os.environ.get("CI") else RecordMode.ONCE,
            apis=apis,
            treatment=Treatment(
                redactor=redactor, view=LlmView(apis), after_save=SecretScan(redactor)
            ),
        )
