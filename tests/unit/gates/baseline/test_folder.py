"""The folder of a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.gates import BaselineError
from understudy.gates.baseline import ModuleFile, Record, read_baseline, write_baseline

if TYPE_CHECKING:
    from pathlib import Path

RECORD = Record("test_a", "calls", "openai/gpt-4o", 2)


def module_file(module: str) -> ModuleFile:
    """Make a file with one figure."""
    return ModuleFile(module, (RECORD,))


@pytest.mark.parametrize(
    ("module", "place"),
    [
        ("tests/test_bot.py", "tests/test_bot.py.tsv"),
        ("fixtures", "fixtures.tsv"),
        ("../outside/test_a.py", "%2E%2E/outside/test_a.py.tsv"),
        ("tests/.hidden/test_a.py", "tests/%2Ehidden/test_a.py.tsv"),
        ("tests/wie geht's?.py", "tests/wie geht%27s%3F.py.tsv"),
        ("tests/con.py", "tests/%63on.py.tsv"),
        ("tests/é.py", "tests/%C3%A9.py.tsv"),
        ("C:\\suite\\test_a.py", "C%3A/suite/test_a.py.tsv"),
    ],
)
def test_the_file_of_a_module_has_a_name_that_every_system_knows(
    tmp_path: Path, module: str, place: str
) -> None:
    """And the module is read back from it."""
    changed = write_baseline(tmp_path, {module: module_file(module)})

    assert changed == [tmp_path / place]
    assert list(read_baseline(tmp_path).files) == [module]


def test_a_folder_that_is_not_there_is_an_empty_baseline(tmp_path: Path) -> None:
    """The gate says so in its own words."""
    assert read_baseline(tmp_path / "none").tests == {}


def test_a_file_that_stays_as_it_is_is_not_written(tmp_path: Path) -> None:
    """An update of one module touches no other."""
    files = {"test_a.py": module_file("test_a.py")}
    write_baseline(tmp_path, files)

    assert write_baseline(tmp_path, files) == []


def test_a_module_without_figures_loses_its_file(tmp_path: Path) -> None:
    """An empty file would be an error."""
    write_baseline(tmp_path, {"test_a.py": module_file("test_a.py")})

    write_baseline(tmp_path, {"test_a.py": ModuleFile("test_a.py")})

    assert list(tmp_path.iterdir()) == []
    assert write_baseline(tmp_path, {"test_a.py": ModuleFile("test_a.py")}) == []


@pytest.mark.parametrize("name", ["notes.json", "tests/old.bak"])
def test_a_foreign_file_is_refused(tmp_path: Path, name: str) -> None:
    """It may be half of a renamed one."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")

    with pytest.raises(BaselineError, match="does not belong to a baseline"):
        read_baseline(tmp_path)


@pytest.mark.parametrize("name", ["README.md", ".gitattributes", ".git/x"])
def test_a_readme_and_hidden_files_may_stand_there(tmp_path: Path, name: str) -> None:
    """People explain their folders."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("hello")

    assert read_baseline(tmp_path).tests == {}


def test_a_file_under_another_module_s_name_is_refused(tmp_path: Path) -> None:
    """Somebody copied it."""
    (written,) = write_baseline(tmp_path, {"test_a.py": module_file("test_a.py")})
    written.rename(tmp_path / "test_b.py.tsv")

    with pytest.raises(BaselineError, match=r"test_b\.py\.tsv:2: it is of the module test_a\.py"):
        read_baseline(tmp_path)


def test_a_file_that_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    """The line of the first byte that is none."""
    (tmp_path / "test_a.py.tsv").write_bytes(b"# understudy baseline 1\n\xff")

    with pytest.raises(BaselineError, match="no UTF-8 text") as caught:
        read_baseline(tmp_path)

    assert caught.value.line == 2


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "base").write_text("")

    with pytest.raises(BaselineError, match="cannot be written"):
        write_baseline(tmp_path / "base", {"a/test_a.py": module_file("a/test_a.py")})


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "base").write_text("")

    with pytest.raises(BaselineError, match="cannot be read"):
        read_baseline(tmp_path / "base")
