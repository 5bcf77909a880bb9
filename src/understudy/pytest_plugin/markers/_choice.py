"""Which cassette a test asks for, by our marker, our fixture or `vcr`, and where it stands."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import pytest

from ...errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...settings import Settings
    from .._context import RunContext

FOLDER: Final = "cassettes"

#: Characters that some file system does not take; pytest-recording replaces the same ones.
_UNFIT: Final = re.compile(r'[<>?%*:|"\'/\\\x00-\x1f]')
_LONGEST: Final = 180
#: In bytes: file systems take 255, with the suffix.
_LONGEST_FILE: Final = 240
_SUFFIXES: Final = (".yaml", ".yml", ".json")


def default_path(item: pytest.Item) -> Path:
    """Return `cassettes/<module>/<test>.yaml` beside the file of the test.

    That is where pytest-recording has it; the test's name holds its class and its parameters.
    """
    from ...redaction import without_keys  # noqa: PLC0415 - only where a test has a cassette

    words = ".".join([*_classes(item), item.name])
    name = _UNFIT.sub("-", without_keys(words))
    if len(name) > _LONGEST or len(os.fsencode(name)) > _LONGEST_FILE:
        start = os.fsencode(name)[:_LONGEST].decode(errors="ignore")
        name = f"{start}-{sha256(os.fsencode(name)).hexdigest()[:8]}"
    return item.path.parent / FOLDER / item.path.stem / f"{name}.yaml"


def named_path(item: pytest.Item, name: str) -> Path:
    """Return the cassette `name` in the folder `cassettes` beside the file of the test.

    Raises:
        pytest.UsageError: the name leads out of that folder.
    """
    place = PurePosixPath(name)
    is_none = not name.strip() or "\0" in name
    if is_none or place.is_absolute() or ".." in place.parts or "\\" in name:
        msg = (
            f"{item.nodeid}: llm_cassette: {name!r} is no name in the folder {FOLDER!r} beside the"
            " test. Write one without '..', like llm_cassette(name='shared/login')."
        )
        raise pytest.UsageError(msg)
    file = name if place.suffix in _SUFFIXES or name.endswith(".yaml.gz") else f"{name}.yaml"
    return item.path.parent / FOLDER / file


def _classes(item: pytest.Item) -> Iterator[str]:
    kinds: list[Any] = [node for node in item.listchain() if isinstance(node, pytest.Class)]
    return (node.name for node in kinds)


FIXTURE: Final = "llm_cassette"
MARKER: Final = "llm_cassette"
VCR: Final = "vcr"

#: Modules of other plugins that serve the `vcr` marker, and what users call these.
_RIVALS: Final = (
    ("pytest_recording", "pytest-recording"),
    ("pytest_vcr", "pytest-vcr"),
    ("cassetter", "cassetter"),
)
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
class ChosenCassette:
    """The cassette of a test, its record mode, and what the `vcr` marker says besides.

    `note` tells why the mode is another than the one that was asked for.
    """

    path: Path
    record_mode: str
    words: Mapping[str, Any]
    note: str = ""

    @property
    def goes_live(self) -> bool:
        """Tell whether the test is to reach the network."""
        if self.record_mode == "once":
            return not self.path.exists()
        return self.record_mode != _NEVER


class CassetteChoice:
    """Chooses the cassette of a test.

    Attributes:
        rival: the plugin that serves the `vcr` marker in this run, None where none does.
    """

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.rival = _rival_in(config)
        self._settings = settings
        self._serves_vcr = settings.vcr_marker and self.rival is None

    def of(self, item: pytest.Item) -> ChosenCassette | None:
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

    def plain(self, item: pytest.Item) -> ChosenCassette:
        """Return the cassette of a test that says nothing about it."""
        return ChosenCassette(default_path(item), *self._mode(None))

    def default_mode(self) -> tuple[str, str]:
        """Return the record mode where no marker speaks of it, and why it is another than asked."""
        mode, _, note = self._mode(None)
        return mode, note

    def _marked(self, item: pytest.Item) -> ChosenCassette:
        where = f"llm_cassette of {item.nodeid}"
        words: dict[str, Any] = {}
        for mark in reversed(list(item.iter_markers(MARKER))):  # the nearest one has the last word
            words |= _given(mark, where)
        name = words.get("name")
        path = default_path(item) if name is None else named_path(item, name)
        return ChosenCassette(path, *self._mode(_checked_mode(words.get("record"), where)))

    def _marked_for_vcr(self, item: pytest.Item) -> ChosenCassette:
        where = f"vcr of {item.nodeid}"
        words: dict[str, Any] = {}
        for mark in reversed(list(item.iter_markers(VCR))):
            words |= mark.kwargs
        for word in words:
            if word not in _SERVED | _OF_VCRPY:
                error = UnknownNameError(_ARGUMENT, word, _SERVED, where=where)
                raise pytest.UsageError(str(error))
        served = {word: value for word, value in words.items() if word in _SERVED}
        mode, _, note = self._mode(_checked_mode(served.pop("record_mode", None), where))
        return ChosenCassette(default_path(item), mode, served, note)

    def _mode(self, marked: str | None) -> tuple[str, dict[str, Any], str]:
        """Bring together: option, environment, marker, setting; in CI only the first two record.

        Returns the mode, no words of `vcr`, and a note where CI has passed over what was asked.
        """
        given = self._settings.record_mode
        if given is not None and self._settings.outranks_marker("record_mode"):
            return given, {}, ""
        wanted = marked or given or _NEVER
        if wanted == _NEVER or not os.environ.get("CI"):
            return wanted, {}, ""
        asked = "marker" if marked else "setting"
        note = (
            f"The environment variable CI is set, so that record mode {wanted!r} of the {asked} was"
            f" passed over: record elsewhere, or give --llm-record-mode={wanted} here, too."
        )
        return _NEVER, {}, note


def check(item: pytest.Item, context: RunContext) -> None:
    """Let a test ask for its cassette, before its own fixtures and behind those of wider scope.

    Raises:
        pytest.UsageError: a marker is called wrongly, or a scenario is to answer the same calls.
    """
    if CassetteChoice(context.config, context.settings).of(item) is None:
        return
    if item.get_closest_marker(MARKER) and item.get_closest_marker("llm_scenario"):
        msg = (
            f"{item.nodeid}: llm_scenario and llm_cassette both answer the calls of this test."
            " Drop one."
        )
        raise pytest.UsageError(msg)
    test: Any = item
    names = getattr(test, "fixturenames", None)
    if names is not None and FIXTURE not in names:
        place = _first_narrow(test, names)
        test.fixturenames = [*names[:place], FIXTURE, *names[place:]]


def tell_shared(items: Sequence[pytest.Item], context: RunContext) -> None:
    """Warn where tests share a cassette that do not mean to, or that cannot record it.

    Raises:
        pytest.UsageError: warnings are errors.
    """
    choice = CassetteChoice(context.config, context.settings)
    sharing: dict[str, dict[str, tuple[pytest.Item, ChosenCassette]]] = {}
    for item in items:
        chosen = choice.of(item)
        if chosen is not None:
            tests = sharing.setdefault(os.path.normcase(chosen.path), {})
            tests.setdefault(item.nodeid, (item, chosen))
    for tests in sharing.values():
        advice = _advice(list(tests.values()))
        if len(tests) > 1 and advice:
            item, chosen = next(iter(tests.values()))
            file = os.path.relpath(chosen.path, context.root)
            text = f"{file}: is the cassette of {' and of '.join(tests)}. {advice}"
            try:
                item.warn(pytest.PytestWarning(text))
            except pytest.PytestWarning as warning:
                raise pytest.UsageError(str(warning)) from None


def _advice(tests: Sequence[tuple[pytest.Item, ChosenCassette]]) -> str | None:
    """Return what tests that share a cassette should do; None where all is well."""
    if sum(chosen.path == default_path(item) for item, chosen in tests) > 1:
        return (
            "Their names differ in characters only that no file name has: rename one, or give it"
            " a cassette of its own, llm_cassette(name='…')."
        )
    if any(chosen.record_mode == "once" and chosen.goes_live for _, chosen in tests):
        return (
            "Under 'once' only the first of them records, as the file is no new one for the"
            " next: record it with new_episodes."
        )
    return None


def _first_narrow(item: Any, names: Sequence[str]) -> int:
    """Return the place of the first fixture that is set up for this test alone."""
    known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 - as pytest's own plugins do
    for place, name in enumerate(names):
        definitions = known.get(name)
        if definitions and definitions[-1].scope == "function":
            return place
    return len(names)


def _rival_in(config: pytest.Config) -> str | None:
    modules = {
        getattr(plugin, "__name__", "").partition(".")[0]
        for plugin in config.pluginmanager.get_plugins()
    }
    return next((name for module, name in _RIVALS if module in modules), None)


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
