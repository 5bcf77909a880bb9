"""What `--llm-report` asks for: a type, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ...errors import SettingsError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

_KIND: Final = "report"
_DEFAULTS: Final = MappingProxyType(
    {
        "term": "",
        "json": "llm-report.json",
        "markdown": "llm-report.md",
        "markdown-append": "",
    }
)


@dataclass(frozen=True, slots=True)
class Destination:
    """One report: its type, and the file that it goes to, relative to rootdir or absolute."""

    report_type: str
    path: str


def destinations_of(reports: Iterable[str]) -> tuple[Destination, ...]:
    """Read `TYPE[:DEST]` of each report.

    Raises:
        SettingsError: a type is unknown, or needs a destination.
    """
    return tuple(_destination(report) for report in reports)


def _destination(report: str) -> Destination:
    report_type, _, path = report.partition(":")
    if report_type == "html":
        msg = "--llm-report=html: there is no such report yet. Write json or markdown."
        raise SettingsError(msg)
    if report_type not in _DEFAULTS:
        raise UnknownNameError(_KIND, report_type, _DEFAULTS, where="--llm-report")
    if report_type == "term" and path:
        msg = f"--llm-report={report}: the terminal takes no destination. Write term."
        raise SettingsError(msg)
    if report_type == "markdown-append" and not path:
        msg = f"--llm-report={report}: name the file to append to, as in markdown-append:FILE."
        raise SettingsError(msg)
    return Destination(report_type, path or _DEFAULTS[report_type])
