"""Lines that neither a journal nor the store took: they wait in the temporary folder."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic_core import from_json, to_json

from ...store import LooseLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NO_CALLS: Final = ("run", "phase")
#: What the name of a journal says of its lines, and those of these kinds do not know.
_UNNAMED: Final = {"run": ("worker",), "annotation": ("run_id", "worker")}


class Stranded(NamedTuple):
    """What earlier runs put there for the same store: the files, and their lines."""

    paths: tuple[Path, ...]
    lines: tuple[LooseLines, ...]

    def remove(self) -> None:
        """Remove the files: the store holds their lines."""
        for path in self.paths:
            with suppress(OSError):
                path.unlink()


def tells_of_calls(loose: Iterable[LooseLines]) -> bool:
    """Tell whether there is more among the lines than that a run was, and its tests."""
    kinds = (_fields(line).get("kind") for each in loose for line in each.lines)
    return any(kind not in _NO_CALLS for kind in kinds)


def strand(root: Path, loose: Sequence[LooseLines]) -> Path | None:
    """Put lines into a file that nobody else can read; None where there is no room.

    `root` is where the journals of their store belong: by it they are found again.
    """
    text = b"".join(_named(line, each) + b"\n" for each in loose for line in each.lines)
    with suppress(OSError):
        with tempfile.NamedTemporaryFile(prefix=_prefix(root), suffix=".tmp", delete=False) as file:
            file.write(text)
        place = Path(file.name).with_suffix(".jsonl")
        return Path(file.name).replace(place)
    return None


def stranded(root: Path) -> Stranded:
    """Read what earlier runs put there, where it is this user's own and nobody else's to read."""
    found = {path: _own_text(path) for path in _files(root)}
    texts = {path: text for path, text in found.items() if text is not None}
    lines = [LooseLines("", "", text.splitlines()) for text in texts.values()]
    return Stranded(tuple(texts), tuple(lines))


def _files(root: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(Path(tempfile.gettempdir()).glob(f"{_prefix(root)}*.jsonl"))
    return []


def _own_text(path: Path) -> bytes | None:
    """Return what a file holds; None for a link, for somebody else's, and for an open one."""
    with suppress(OSError):
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - of a descriptor
            return file.read() if _is_ours(os.fstat(file.fileno())) else None
    return None


def _is_ours(found: os.stat_result) -> bool:
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        return False
    if not hasattr(os, "getuid"):  # pragma: no cover - Windows: the folder is the user's
        return True
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def _named(line: bytes, loose: LooseLines) -> bytes:
    """Return a line that says whose it is: no name of a journal will."""
    fields = _fields(line)
    unnamed = _UNNAMED.get(str(fields.get("kind")), ())
    for name, value in (("run_id", loose.run_id), ("worker", loose.worker)):
        if fields.get(name) is None and name not in unnamed:
            fields[name] = value
    return to_json(fields) if fields else line


def _fields(line: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        fields = from_json(line)
        return fields if isinstance(fields, dict) else {}
    return {}


def _prefix(root: Path) -> str:
    return f"understudy-{sha256(str(root.absolute()).encode()).hexdigest()[:12]}-"
