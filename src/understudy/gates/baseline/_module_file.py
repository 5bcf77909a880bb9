"""The file of one test module: a header, then the tests, a line for each figure.

A test begins with the line of the update that changed its figures last, and a blank line
stands between two tests: branches that accept figures of different tests merge.
"""

from __future__ import annotations

from itertools import groupby
from math import isfinite
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from ._baseline import BaselineError, ModuleFile, Record, Update

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: 1: first version.
FORMAT: Final = 1

_TITLE: Final = "# understudy baseline"
_MODULE: Final = "# module"
_HINT: Final = (
    "# test, metric, model or clock, figure;"
    " accept new ones with `pytest --llm-update-baseline --llm-reason=...`"
)
#: Stands in the place of the metric where a line tells of an update.
_UPDATE: Final = "#"
_CONFLICT: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_ESCAPES: Final = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_COLUMNS: Final = 4
_UPDATE_COLUMNS: Final = 6


def format_module(file: ModuleFile) -> str:
    """Write a file, sorted."""
    lines = [f"{_TITLE} {FORMAT}", f"{_MODULE}\t{_escaped(file.module)}", _HINT]
    for test, records in groupby(sorted(file.records), key=itemgetter(0)):
        lines.append("")
        update = file.updates.get(test)
        if update is not None:
            about = (update.date, update.commit, update.author, update.reason)
            lines.append(_row(test, _UPDATE, *about))
        lines += (_row(*record.key, repr(record.value)) for record in records)
    return "\n".join(lines) + "\n"


def parse_module(text: str, path: Path) -> ModuleFile:
    """Read a file; `path` is for messages.

    Raises:
        BaselineError: it is none of ours, or damaged; names the line.
    """
    lines = text.splitlines()
    _check_title(lines, path)
    module = ""
    updates: dict[str, Update] = {}
    records: dict[tuple[str, str, str], Record] = {}
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        if line.startswith("#"):
            if line.startswith(_MODULE):
                module = _unescaped(line.partition("\t")[2])
            continue
        cells = line.split("\t")
        if "\\" in line:
            cells = [*map(_unescaped, cells)]
        if len(cells) == _UPDATE_COLUMNS and cells[1] == _UPDATE:
            test, _, date, commit, author, reason = cells
            updates[test] = Update(date=date, commit=commit, author=author, reason=reason)
            continue
        record = _record(cells, path, number)
        if records.setdefault(record[:3], record) is not record:
            problem = f"{record.test} has {record.metric} of {record.of} twice; keep one line."
            raise BaselineError(path, problem, line=number)
    if not module:
        raise BaselineError(path, f"there is no line {_MODULE!r}; restore the file.", line=2)
    return ModuleFile(module, tuple(records.values()), updates)


def _check_title(lines: list[str], path: Path) -> None:
    if not lines:
        raise BaselineError(path, "the file is empty; restore it, or remove it.", line=1)
    if lines[0].startswith(_CONFLICT):
        raise BaselineError(path, _in_conflict(), line=1)
    title, _, version = lines[0].rpartition(" ")
    if title != _TITLE or not version.isdecimal():
        problem = f"this is no baseline of understudy: it does not begin with {_TITLE!r}."
        raise BaselineError(path, problem, line=1)
    if int(version) > FORMAT:
        problem = f"format {version} is of a newer understudy, this one reads {FORMAT}. Update it."
        raise BaselineError(path, problem, line=1)


def _record(cells: list[str], path: Path, number: int) -> Record:
    if len(cells) != _COLUMNS:
        raise BaselineError(path, _damage(cells), line=number)
    test, metric, of, value = cells
    try:
        figure: float | None = int(value)
    except ValueError:
        figure = _decimal(value)
    if figure is None:
        problem = f"{value!r} is no figure of {metric}; restore the line."
        raise BaselineError(path, problem, line=number)
    return Record(test, metric, of, figure)


def _decimal(text: str) -> float | None:
    try:
        figure = float(text)
    except ValueError:
        return None
    return figure if isfinite(figure) else None


def _damage(cells: list[str]) -> str:
    if cells[0].startswith(_CONFLICT):
        return _in_conflict()
    columns = len(cells)
    return f"{columns} columns apart by tabs are not the {_COLUMNS} of a figure; restore the line."


def _in_conflict() -> str:
    return (
        "the marks of a merge conflict; resolve it, or take either side and run"
        ' `pytest --llm-update-baseline --llm-reason="merge"`.'
    )


def _row(*cells: str) -> str:
    row = "\t".join(map(_escaped, cells))
    return f"\\{row}" if row.startswith("#") else row


def _escaped(cell: str) -> str:
    if cell.isprintable() and "\\" not in cell:
        return cell
    for plain, escape in _ESCAPES:
        cell = cell.replace(plain, escape)
    return "".join(each if each.isprintable() else _coded(each) for each in cell)


def _coded(character: str) -> str:
    return f"\\U{ord(character):08x}"


def _unescaped(cell: str) -> str:
    """Read what `_escaped` wrote."""
    if "\\" not in cell:
        return cell
    rest = iter(cell)
    return "".join(_escape(rest) if character == "\\" else character for character in rest)


def _escape(characters: Iterator[str]) -> str:
    kind = next(characters, "")
    if kind == "U":
        code = "".join(next(characters, "0") for _ in range(8))
        return chr(int(code, 16)) if _is_code(code) else "\ufffd"
    return {"t": "\t", "n": "\n", "r": "\r"}.get(kind, kind)


def _is_code(code: str) -> bool:
    try:
        return int(code, 16) <= 0x10FFFF  # noqa: PLR2004 - the last of Unicode
    except ValueError:
        return False
