"""The folder of a baseline: a file for each module, below the module's own folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...durable import write_atomically
from ._baseline import Baseline, BaselineError, ModuleFile
from ._module_file import format_module, parse_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


#: Not `.txt`: pytest takes `test*.txt` for doctests.
_SUFFIX: Final = ".tsv"
_HEX: Final = "%{:02X}"
_SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+ ")
#: At the start they hide a file, at the end Windows drops them.
_TRIMMED: Final = frozenset(". ")
#: Names that Windows keeps for itself.
_RESERVED: Final = frozenset(
    {"aux", "con", "nul", "prn"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
)


def read_baseline(folder: Path) -> Baseline:
    """Read all files; a folder that is not there is an empty baseline.

    Raises:
        BaselineError: a file is damaged or none of ours; names file and line.
    """
    files: dict[str, ModuleFile] = {}
    try:
        for path in sorted(_files(folder)):
            file = parse_module(_text(path), path)
            if path != path_of(folder, file.module):
                problem = f"it is of the module {file.module}, whose file is elsewhere; remove it."
                raise BaselineError(path, problem, line=2)
            files[file.module] = file
    except OSError as error:
        raise BaselineError(folder, f"cannot be read: {error.strerror or error}") from error
    return Baseline(files)


def write_baseline(folder: Path, files: Mapping[str, ModuleFile]) -> list[Path]:
    """Write the files of modules, each in one step; one without a figure is removed.

    Returns the files that changed.

    Raises:
        BaselineError: a file cannot be written.
    """
    changed = []
    try:
        for module, file in files.items():
            path = path_of(folder, module)
            if _write(path, format_module(file) if file.records else None):
                changed.append(path)
    except OSError as error:
        raise BaselineError(folder, f"cannot be written: {error}") from error
    return changed


def path_of(folder: Path, module: str) -> Path:
    """Return the file of a module; what is no safe name on some system is written as `%20`."""
    parts = [_safe(part) for part in module.replace("\\", "/").split("/") if part]
    return folder.joinpath(*parts[:-1], parts[-1] + _SUFFIX)


def _safe(part: str) -> str:
    letters = [_coded(character) for character in part]
    if part[0] in _TRIMMED or part.partition(".")[0].lower() in _RESERVED:
        letters[0] = _HEX.format(ord(part[0]))
    if part[-1] in _TRIMMED:
        letters[-1] = _HEX.format(ord(part[-1]))
    return "".join(letters)


def _coded(character: str) -> str:
    if character in _SAFE:
        return character
    return "".join(_HEX.format(byte) for byte in character.encode("utf-8", "surrogatepass"))


def _files(folder: Path) -> Iterator[Path]:
    """Yield all files but hidden ones and a README."""
    if not folder.exists():
        return
    for path in _below(folder):
        if path.suffix != _SUFFIX and not path.name.lower().startswith("readme"):
            problem = "the file does not belong to a baseline; remove it from this folder."
            raise BaselineError(path, problem, line=1)
        if path.suffix == _SUFFIX:
            yield path


def _below(folder: Path) -> Iterable[Path]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BaselineError(path, "the file is no UTF-8 text; restore it.", line=line) from None


def _write(path: Path, text: str | None) -> bool:
    before = path.read_bytes() if path.is_file() else None
    if text is None:
        path.unlink(missing_ok=True)
        return before is not None
    if before == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)
    return True
