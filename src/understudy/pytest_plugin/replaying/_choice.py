"""Which cassette a test asks for: by our marker, our fixture, or the `vcr` marker."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from ...errors import UnknownNameError
from ._places import default_path, named_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...settings import Settings

FIXTURE: Final = "llm_cassette"
MARKER: Final = "llm_cassette"
VCR: Final = "vcr"

_MODES: Final = ("none", "once", "new_episodes", "all")
_NEVER: Final = "none"
_MODE: Final = "record mode"
_ARGUMENT: Final = "argument"
_LIKE: Final = "like llm_cassette(name='weather', record='once')"
#: What pytest-recording's users write, and we have another word for, or none.
_OF_VCRPY: Final = frozenset(
    {
        "before_record_request",
        "before_record_response",
        "decode_compressed_response",
        "filter_headers",
        "filter_post_data_parameters",
        "filter_query_parameters",
    }
)
_SERVED: Final = frozenset(
    {"allow_playback_repeats", "ignore_hosts", "ignore_localhost", "match_on", "record_mode"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The cassette of a test, its record mode, and what the `vcr` marker says besides."""

    path: Path
    record_mode: str
    words: Mapping[str, Any]

    @property
    def goes_live(self) -> bool:
        """Tell whether the test is to reach the network."""
        if self.record_mode == "once":
            return not self.path.exists()
        return self.record_mode != _NEVER


class Choosing:
    """Chooses the cassette of a test.

    `serves_vcr` tells whether the `vcr` marker is ours to serve.
    """

    def __init__(self, settings: Settings, *, serves_vcr: bool) -> None:
        self._settings = settings
        self._serves_vcr = serves_vcr

    def of(self, item: pytest.Item) -> Choice | None:
        """Return what a test asks for, None where it asks for nothing.

        Raises:
            pytest.UsageError: its marker is called wrongly.
        """
        if item.get_closest_marker(MARKER) is not None:
            return self._marked(item)
        if self._serves_vcr and item.get_closest_marker(VCR) is not None:
            return self._marked_for_vcr(item)
        if FIXTURE in getattr(item, "fixturenames", ()):
            return self.plain(item)
        return None

    def plain(self, item: pytest.Item) -> Choice:
        """Return the cassette of a test that says nothing about it."""
        return Choice(default_path(item), self._mode(None), {})

    def default_mode(self) -> str:
        """Return the record mode where no marker speaks of it."""
        return self._mode(None)

    def _marked(self, item: pytest.Item) -> Choice:
        where = f"llm_cassette of {item.nodeid}"
        words: dict[str, Any] = {}
        for mark in reversed(list(item.iter_markers(MARKER))):  # the nearest one has the last word
            words |= _given(mark, where)
        name = words.get("name")
        path = default_path(item) if name is None else named_path(item, name)
        return Choice(path, self._mode(_checked_mode(words.get("record"), where)), {})

    def _marked_for_vcr(self, item: pytest.Item) -> Choice:
        where = f"vcr of {item.nodeid}"
        words: dict[str, Any] = {}
        for mark in reversed(list(item.iter_markers(VCR))):
            words |= mark.kwargs
        for word in words:
            if word not in _SERVED | _OF_VCRPY:
                error = UnknownNameError(_ARGUMENT, word, _SERVED, where=where)
                raise pytest.UsageError(str(error))
        served = {word: value for word, value in words.items() if word in _SERVED}
        mode = self._mode(_checked_mode(served.pop("record_mode", None), where))
        return Choice(default_path(item), mode, served)

    def _mode(self, marked: str | None) -> str:
        """Bring together: option, environment, marker, setting; in CI only the first two record."""
        given = self._settings.record_mode
        if given is not None and self._settings.outranks_marker("record_mode"):
            return given
        return _NEVER if os.environ.get("CI") else marked or given or _NEVER


def _given(mark: pytest.Mark, where: str) -> dict[str, Any]:
    for word in mark.kwargs:
        if word not in {"name", "record"}:
            error = UnknownNameError(_ARGUMENT, word, ("name", "record"), where=where)
            raise pytest.UsageError(str(error))
    words = dict(mark.kwargs)
    if mark.args:
        words["name"] = mark.args[0]
    if len(mark.args) > 1 or not isinstance(words.get("name", ""), str):
        msg = f"{where}: it takes one name, as text, and a record mode, {_LIKE}."
        raise pytest.UsageError(msg)
    return words


def _checked_mode(mode: object, where: str) -> str | None:
    if mode is None or mode in _MODES:
        return None if mode is None else str(mode)
    raise pytest.UsageError(str(UnknownNameError(_MODE, str(mode), _MODES, where=where)))
