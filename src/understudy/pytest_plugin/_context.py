"""What is known of a run before anything of it is built."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from ..errors import UnderstudyError

if TYPE_CHECKING:
    from pathlib import Path

    from ..extensions import Extensions
    from ..mock import MockLibrary
    from ..settings import Settings


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
        from ..extensions import find_extensions  # noqa: PLC0415 - collection loads what its markers need

        plugins = self.config.pluginmanager.get_plugins()
        try:
            return find_extensions(plugins, pyproject=self.root / "pyproject.toml")
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error

    @cached_property
    def library(self) -> MockLibrary:
        """What mocks may play.

        Raises:
            pytest.UsageError: the table of profiles is wrong, or a hook.
        """
        from ._mock_library import find_library  # noqa: PLC0415 - as above

        try:
            return find_library(self.root, self.settings, self.extensions)
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error
