"""Scenarios by name."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from tests.unit.scenarios.files import AGENT, problems_of, write

from understudy.errors import UnknownNameError
from understudy.scenarios import Scenario, ScenarioError, ScenarioLibrary, _library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The user's folder."""
    return tmp_path / "own"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The folder behind it."""
    write(tmp_path, "shipped/page.jsonl", b"1\n")
    return tmp_path / "shipped"


def test_names_are_those_of_all_folders(own: Path, shipped: Path) -> None:
    """Sorted, each once; folders are part of a name, other files are nothing."""
    write(own, "page.jsonl", b"2\n")
    write(own, "shop/refund.yaml", AGENT)
    write(own, "shop/late.yml", AGENT)
    write(own, "README.md", b"")
    write(own, ".page.jsonl", b"")
    write(own, ".git/page.jsonl", b"")

    assert ScenarioLibrary(own, shipped).names() == ("page", "shop/late", "shop/refund")


def test_a_missing_folder_has_no_names(own: Path) -> None:
    """A project need not have one."""
    assert ScenarioLibrary(own).names() == ()


def test_the_first_folder_goes_in_front(own: Path, shipped: Path) -> None:
    """The user's file hides the shipped one."""
    write(own, "page.jsonl", b"2\n")

    assert ScenarioLibrary(own, shipped).get("page").lines == ("2\n",)


def test_the_shipped_one_is_behind(own: Path, shipped: Path) -> None:
    """Where the user has none."""
    assert ScenarioLibrary(own, shipped).get("page").lines == ("1\n",)


@pytest.mark.parametrize("name", ["shop/refund", "shop/late"])
def test_a_name_may_have_folders(own: Path, name: str) -> None:
    """Below the golden folder."""
    write(own, "shop/refund.yaml", AGENT)
    write(own, "shop/late.yml", AGENT)

    assert ScenarioLibrary(own).get(name).name == name


@pytest.mark.parametrize(
    "name",
    [
        "pgae",
        "",
        ".",
        "..",
        "../secret",
        "shop/../../secret",
        "shop/../page",
        "./page",
        "/page",
        "//page",
        "shop\\..\\..\\secret",
        "C:/secret",
        "page.jsonl",
        "page\0",
        "x" * 5000,
        "PAGE",
    ],
)
def test_an_unknown_name_lists_what_exists(own: Path, tmp_path: Path, name: str) -> None:
    """No name leads out of the folder."""
    write(tmp_path, "secret.jsonl", b"1\n")
    write(own, "page.jsonl", b"1\n")
    write(own, "shop/refund.yaml", AGENT)

    with pytest.raises(UnknownNameError, match=r"^unknown scenario .* Known: page, shop/refund\.$"):
        ScenarioLibrary(own).get(name)


def test_an_absolute_path_is_no_name(own: Path) -> None:
    """Not even one into the folder."""
    path = write(own, "page.jsonl", b"1\n")

    with pytest.raises(UnknownNameError):
        ScenarioLibrary(own).get(str(path.with_suffix("")))


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_link_out_of_the_folder_is_refused(own: Path, tmp_path: Path) -> None:
    """What it leads to is not read."""
    secret = write(tmp_path, "secret.jsonl", b"1\n")
    own.mkdir()
    (own / "page.jsonl").symlink_to(secret)

    with pytest.raises(ScenarioError, match="the link leads out of the folder"):
        ScenarioLibrary(own).get("page")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_linked_folder_is_passed_over(own: Path, shipped: Path) -> None:
    """Its files are no scenarios of this folder."""
    own.mkdir()
    (own / "shop").symlink_to(shipped)

    assert ScenarioLibrary(own).names() == ()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_link_within_the_folder_is_followed(own: Path, tmp_path: Path) -> None:
    """Also where the folder itself is behind a link."""
    write(own, "page.jsonl", b"1\n")
    (own / "again.jsonl").symlink_to(own / "page.jsonl")
    (tmp_path / "link").symlink_to(own)

    assert ScenarioLibrary(tmp_path / "link").get("again").lines == ("1\n",)


def test_two_files_of_a_name_are_refused(own: Path) -> None:
    """Nobody knows which is meant."""
    write(own, "page.jsonl", b"1\n")

    assert problems_of(own, "page.yaml", AGENT) == [
        "page.jsonl: the same scenario stands in page.yaml. Rename one."
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(own: Path) -> None:
    """With the system's word for it."""
    path = write(own, "page.jsonl", b"1\n")
    path.chmod(0)

    with pytest.raises(ScenarioError, match=r"page.jsonl: cannot be read: Permission denied\.$"):
        ScenarioLibrary(own).get("page")


def test_a_file_that_goes_while_it_is_read_is_named(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the listing and the reading."""
    path = write(own, "page.jsonl", b"1\n")
    monkeypatch.setattr(_library, "_only", lambda paths, _: paths[0].with_name("gone.jsonl"))

    with pytest.raises(ScenarioError, match=r"gone.jsonl: cannot be read: No such file"):
        ScenarioLibrary(own).get(path.stem)


def test_a_scenario_is_read_once_and_shared(own: Path) -> None:
    """Every access gives the same object."""
    write(own, "page.jsonl", b"1\n")
    library = ScenarioLibrary(own)

    assert library.get("page") is library.get("page")


def test_a_changed_file_is_read_again(own: Path) -> None:
    """Size, time of change or the file itself tell."""
    path = write(own, "page.jsonl", b"1\n")
    library = ScenarioLibrary(own)
    before = library.get("page")

    path.write_bytes(b"22\n")

    assert before.lines == ("1\n",)
    assert library.get("page").lines == ("22\n",)


def test_a_replaced_file_is_read_again(own: Path) -> None:
    """Even where size and time are the same."""
    path = write(own, "page.jsonl", b"1\n")
    library = ScenarioLibrary(own)
    library.get("page")
    status = path.stat()

    other = write(own, "draft", b"2\n")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)

    assert library.get("page").lines == ("2\n",)


def test_a_deleted_file_is_unknown(own: Path) -> None:
    """The cache does not outlive it."""
    path = write(own, "page.jsonl", b"1\n")
    library = ScenarioLibrary(own)
    library.get("page")

    path.unlink()

    with pytest.raises(UnknownNameError):
        library.get("page")


def test_a_new_file_in_front_is_seen(own: Path, shipped: Path) -> None:
    """Also where its folder did not exist."""
    library = ScenarioLibrary(own, shipped)
    assert library.get("page").lines == ("1\n",)

    write(own, "page.jsonl", b"2\n")

    assert library.get("page").lines == ("2\n",)


def test_a_broken_file_is_read_again_when_it_is_mended(own: Path) -> None:
    """An error is not kept."""
    path = write(own, "page.jsonl", b"x\n")
    library = ScenarioLibrary(own)
    with pytest.raises(ScenarioError):
        library.get("page")

    path.write_bytes(b"1\n")

    assert library.get("page").lines == ("1\n",)


def test_an_invalidated_cache_is_read_again(own: Path) -> None:
    """For changes that leave no trace."""
    write(own, "page.jsonl", b"1\n")
    library = ScenarioLibrary(own)
    before = library.get("page")

    library.invalidate_cache()

    assert library.get("page") == before
    assert library.get("page") is not before


def test_threads_read_a_file_once(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All get the same object."""
    write(own, "page.jsonl", b"1\n")
    library = ScenarioLibrary(own)
    reads: list[str] = []
    read_file = _library._read_file

    def watched(name: str, path: Path) -> Scenario:
        reads.append(name)
        return read_file(name, path)

    monkeypatch.setattr(_library, "_read_file", watched)
    threads = [Thread(target=library.get, args=("page",)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert reads == ["page"]


def test_golden_files_need_neither_yaml_nor_models(own: Path) -> None:
    """They are loaded for conversations only."""
    write(own, "page.jsonl", b"1\n")
    code = f"""
import pathlib, sys
from understudy.delays import Profiles
from understudy.scenarios import Conversation, ObservedTurn, ScenarioLibrary
Conversation(ScenarioLibrary(pathlib.Path({str(own)!r})).get("page")).advance(ObservedTurn())
print([name for name in ("pydantic", "yaml") if name in sys.modules])
"""

    printed = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout

    assert printed == "[]\n"


def test_the_turns_of_a_shared_scenario_are_frozen(own: Path) -> None:
    """Nobody can change what others play."""
    write(own, "agent.yaml", AGENT)
    scenario = ScenarioLibrary(own).get("agent")

    with pytest.raises(TypeError):
        scenario.turns["ask"] = scenario.turns["end"]  # type: ignore[index]
