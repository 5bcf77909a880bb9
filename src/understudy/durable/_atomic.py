"""Files that are either the old one or the new one, never half of it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


_PUBLIC: Final = 0o644


@contextmanager
def replacing(path: Path, *, sync: bool = True, is_public: bool = False) -> Iterator[IO[bytes]]:
    """Yield a file that takes the place of `path` in one step, when the block ends well.

    Without `sync` nobody waits for the disk: for what can be made again. One that `is_public` may
    be read by others than its owner. What is no file (a device, a pipe) is written to and stays:
    in its place a file would be a fault of the system.

    Raises:
        OSError: the folder is missing or read-only, or the disk is full; `path` is as before.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        with path.open("wb") as device:
            yield device
        return
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        draft = Path(file.name)
        try:
            yield file
            file.flush()
            if sync:
                os.fsync(file.fileno())
            file.close()
            if is_public:
                draft.chmod(_PUBLIC)
            draft.replace(path)
        except BaseException:
            file.close()
            draft.unlink(missing_ok=True)
            raise


def write_atomically(path: Path, data: bytes | str, *, is_public: bool = False) -> None:
    """Replace the content of `path` in one step; text is written as UTF-8.

    One that `is_public` may be read by others than its owner.

    Raises:
        OSError: the folder is missing or read-only, or the disk is full; `path` is as before.
    """
    with replacing(path, is_public=is_public) as file:
        file.write(data.encode() if isinstance(data, str) else data)


def sync_file(path: Path) -> None:
    """Wait until all that was written to a file is on the disk.

    Raises:
        OSError: it is not there, or the disk failed.
    """
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_durably(source: Path, target: Path) -> None:
    """Give a file another name in its folder, which a power failure does not take back.

    Raises:
        OSError: the folder cannot be written.
    """
    source.replace(target)
    if os.name == "nt":  # pragma: no cover
        return  # a folder cannot be opened there
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
