"""What is known of a run before anything of it is built."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..durable import state_folder
from ..errors import UnderstudyError
from ..extensions import Extensions, find_extensions, find_mock_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..delays import Profiles, TimedCall
    from ..delays.fitting import MeasuredProfile
    from ..mock import MockLibrary
    from ..settings import Settings
    from ..wire import WireApis


class RunContext:
    """Options, tables and registered extensions of a run, each read when it is first needed."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.config = config
        self.settings = settings

    @property
    def root(self) -> Path:
        """Rootdir."""
        return self.config.rootpath

    @cached_property
    def extensions(self) -> Extensions:
        """What plugins registered, and our tables in `pyproject.toml`.

        Raises:
            pytest.UsageError: a table or a hook is wrong.
        """
        plugins = self.config.pluginmanager.get_plugins()
        try:
            return find_extensions(plugins, pyproject=self.root / "pyproject.toml")
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error

    @cached_property
    def materials(self) -> MockLibrary:
        """What mocks may play.

        Raises:
            pytest.UsageError: the table of profiles is wrong, or a hook.
        """
        try:
            return _find_library(self.root, self.settings, self.extensions)
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error


def _find_library(root: Path, settings: Settings, extensions: Extensions) -> MockLibrary:
    """Return what mocks may play in a run whose rootdir is `root`.

    Raises:
        SettingsError: the table of profiles is wrong.
        RegistrationError: a hook raised, or registered something unusable.
    """
    found = find_mock_library(
        extensions, Path(settings.golden_dir), pyproject=root / "pyproject.toml"
    )
    recorded = RecordedProfile(root, lambda: extensions.apis)
    return replace(found, profiles=found.profiles.with_recorded(recorded))


def check_profile(name: str, profiles: Profiles) -> None:
    """Refuse a name that no profile has, and `recorded` where nothing was.

    Raises:
        UnknownNameError: says which profiles exist.
        CassetteError: no cassette holds the timing of an answer, or one cannot be read.
    """
    profile = profiles.get(name)
    if isinstance(profile, RecordedProfile):
        profile.measured  # noqa: B018 - it is read now, before any test runs


class RecordedProfile:
    """Draws from the timed answers in all folders called `cassettes` below `root`.

    They are read when it is first asked.
    """

    def __init__(self, root: Path, apis: Callable[[], WireApis]) -> None:
        self._root = root
        self._apis = apis

    @cached_property
    def measured(self) -> MeasuredProfile:
        """What the cassettes tell.

        Raises:
            CassetteError: a file cannot be read, or none holds a timed answer that streamed.
        """
        from ..cassettes.timings import recorded_profile  # noqa: PLC0415 - who asks for it pays

        state = state_folder(self._root)
        return recorded_profile(cassettes_below(self._root), self._apis(), state=state)

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield seconds: before the first line, then before each further one."""
        return self.measured.delays(call)


def cassettes_below(root: Path) -> Iterator[Path]:
    """Yield the files in folders called `cassettes`, in one order on every machine."""
    from ..cassettes import CASSETTES, files_below  # noqa: PLC0415 - as above

    for path in files_below(root):
        if CASSETTES in path.relative_to(root).parts[:-1]:
            yield path
