"""Where measured answers come from: cassettes, and stored calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

from ..cassettes import STATE, cassette_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...delays.fitting import MeasuredAnswer
    from ...events import AnyEvent, CallEvent
    from ...wire import WireApis

_STORES: Final = (".db", ".sqlite", ".sqlite3")
_MEASURED: Final = frozenset({"live", "recorded"})


def answers_in(
    paths: Iterable[str], apis: Callable[[], WireApis], *, model: str | None = None
) -> list[MeasuredAnswer]:
    """Return the timing of all streamed answers in cassettes, folders and stores.

    Raises:
        CassetteError, StoreError, SettingsError: one cannot be read.
    """
    answers: list[MeasuredAnswer] = []
    for path in paths:
        is_store = "://" in path or path.endswith(_STORES)
        answers += _stored(path, model) if is_store else _recorded(path, apis())
    return answers


def _recorded(path: str, apis: WireApis) -> Iterator[MeasuredAnswer]:
    from ...cassettes import load_interactions  # noqa: PLC0415 - not for a store
    from ...cassettes.timings import measured_answers  # noqa: PLC0415

    for file in cassette_files([path]):
        yield from measured_answers(load_interactions(Path(file), state=STATE), apis)


def _stored(location: str, model: str | None) -> Iterator[MeasuredAnswer]:
    from ...store import open_store  # noqa: PLC0415 - slow to import

    with open_store(location, create=False) as store:
        for run in store.runs():
            for event in store.events(run.run_id):
                answer = _of_event(event) if _is_wanted(event, model) else None
                if answer is not None:
                    yield answer


def _is_wanted(event: AnyEvent, model: str | None) -> TypeGuard[CallEvent]:
    if event.event_type != "llm_call":
        return False
    return model is None or model in {event.request_model, event.response_model}


def _of_event(event: CallEvent) -> MeasuredAnswer | None:
    """Return what a stored call tells: its first content, and the mean delay of its tokens.

    A replayed call tells what its cassette says. A mocked one measured nobody.
    """
    from ...delays.fitting import MeasuredAnswer  # noqa: PLC0415

    if not event.stream or event.status != "ok":
        return None
    measured = event.origin in _MEASURED
    first = event.ttfc_ms if measured else event.recorded_ttfc_ms
    whole = event.duration_ms if measured else event.recorded_duration_ms
    if first is None:
        return None
    tokens = event.output_tokens or 0
    if whole is None or tokens < 2:  # noqa: PLR2004 - one token has no delay after it
        return MeasuredAnswer(first)
    return MeasuredAnswer(first, (max(0.0, (whole - first) / (tokens - 1)),))
