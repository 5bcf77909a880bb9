"""Atomic writes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from understudy.durable import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("data", ["Grüße", "Grüße".encode()])
def test_a_write_replaces_what_was_there(tmp_path: Path, data: str | bytes) -> None:
    """Text goes out as UTF-8."""
    path = tmp_path / "file"
    path.write_text("old")

    write_atomically(path, data)

    assert path.read_text(encoding="utf-8") == "Grüße"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """No draft stays behind."""
    path = tmp_path / "folder"
    path.mkdir()

    with pytest.raises(OSError, match="folder"):
        write_atomically(path, "new")

    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    """The caller decides where files may go."""
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "missing" / "file", "new")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes there")
@pytest.mark.parametrize("name", ["pipe", "link"])
def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path, name: str) -> None:
    """A pipe here; whoever is root would lose a device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    write_atomically(tmp_path / name, "told")

    assert os.read(reader, 99) == b"told"
    assert pipe.is_fifo()
    assert (tmp_path / "link").is_symlink()
    os.close(reader)
