"""`understudy profile fit`: a delay profile from measured answers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from ..errors import SettingsError, counted
from ._command import Commands, answer, finish
from ._parser import GROUP
from .cassettes import STATE, cassette_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

    from ..delays.fitting import Fit, MeasuredAnswer, ProfileFit
    from ..events import AnyEvent, CallEvent
    from ..wire import WireApis

_STORES: Final = (".db", ".sqlite", ".sqlite3")
_MEASURED: Final = frozenset({"live", "recorded"})


def answers_in(
    paths: Iterable[str], apis: Callable[[], WireApis], *, model: str | None = None
) -> list[MeasuredAnswer]:
    """Return the timing of all streamed answers in cassettes, folders and stores."""
    answers: list[MeasuredAnswer] = []
    for path in paths:
        is_store = "://" in path or path.endswith(_STORES)
        answers += _stored(path, model) if is_store else _recorded(path, apis())
    return answers


def _recorded(path: str, apis: WireApis) -> Iterator[MeasuredAnswer]:
    from ..cassettes import load_interactions  # noqa: PLC0415 - not for a store
    from ..cassettes.timings import measured_answers  # noqa: PLC0415

    for file in cassette_files([path]):
        yield from measured_answers(load_interactions(file, state=STATE), apis)


def _stored(location: str, model: str | None) -> Iterator[MeasuredAnswer]:
    from ..store import open_store  # noqa: PLC0415 - slow to import

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
    from ..delays.fitting import MeasuredAnswer  # noqa: PLC0415

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


def add_parser(commands: Commands, *, apis: Callable[[], WireApis]) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "profile",
        help="learn delay profiles",
        description="How long a model thinks and pauses, learnt from what was recorded.",
    )
    subcommands = parser.add_subparsers(**GROUP)
    fit = subcommands.add_parser(
        "fit",
        help="learn a delay profile from recorded timing",
        description="Fit the times to the first content and the delays between the pieces of"
        " streamed answers, and print the profile as a table for pyproject.toml.",
    )
    fit.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a cassette, a folder of them, or a store (.db, URL)",
    )
    fit.add_argument("--name", default="fitted", metavar="NAME", help="of the profile")
    fit.add_argument("--model", metavar="MODEL", help="only answers of this model, from a store")
    finish(fit, lambda arguments: _fit(arguments, apis))


def _fit(arguments: argparse.Namespace, apis: Callable[[], WireApis]) -> int:
    """Print the profile; raises SettingsError where the name is taken, or nothing is timed."""
    from ..delays import read_profiles  # noqa: PLC0415 - only here
    from ..delays.fitting import fit_profile  # noqa: PLC0415

    answers = answers_in(arguments.paths, apis, model=arguments.model)
    if not answers:
        msg = (
            f"no streamed answer with timing in {', '.join(arguments.paths)}. Record one with"
            " --llm-record-mode=once, or name a store with live calls."
        )
        raise SettingsError(msg)
    fit = fit_profile(answers)
    read_profiles({arguments.name: fit.as_table()}, where="--name")
    lines = [*_comments(fit, len(answers)), fit.as_toml(arguments.name)]
    answer(arguments, _as_json(arguments.name, fit, len(answers)), lines)
    sys.stdout.flush()
    return 0


def _comments(fit: ProfileFit, answers: int) -> Iterator[str]:
    """Yield comments of TOML: the whole output can be pasted."""
    yield f"# {counted(answers, 'streamed answer')}"
    yield f"# think_ms: {_told(fit.first)}"
    gaps = "no answer had a second piece" if fit.gaps is None else _told(fit.gaps)
    yield f"# per_line_ms: {gaps}"


def _told(fit: Fit) -> str:
    from ..delays import kind_of  # noqa: PLC0415

    tried = ", ".join(f"{name} {error:.3f}" for name, error in sorted(fit.errors.items()))
    kind = "median" if isinstance(fit.duration, int | float) else kind_of(fit.duration)
    return (
        f"{kind} of {fit.count} values, Kolmogorov-Smirnov distance {fit.error:.3f}"
        f"{f' (tried: {tried})' if tried else ''}"
    )


def _as_json(name: str, fit: ProfileFit, answers: int) -> dict[str, Any]:
    fits = {"think_ms": fit.first} | ({} if fit.gaps is None else {"per_line_ms": fit.gaps})
    return {
        "name": name,
        "answers": answers,
        "profile": fit.as_table(),
        "fits": {
            key: {"count": each.count, "error": each.error, "errors": each.errors}
            for key, each in fits.items()
        },
    }
