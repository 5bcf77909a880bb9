"""`use_cassette` wherever it may stand."""

from __future__ import annotations

import asyncio
import unittest
from typing import TYPE_CHECKING

import aiohttp
import httpx
import httpx2
import pytest
import urllib3
from tests.support.shelf import chat

import understudy
from understudy.cassettes.player import CassetteMiss
from understudy.errors import CassetteError, SettingsError, UnknownNameError
from understudy.intercept.cassettes import ACTIVE_CASSETTES, use_cassette

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.provider import Provider

    from understudy.cassettes import Cassette

ASKED = {"model": "m"}
PATCHED = (
    (httpx.Client, "_send_single_request"),
    (httpx2.AsyncClient, "_send_single_request"),
    (aiohttp.ClientSession, "_request"),
    (urllib3.HTTPConnectionPool, "_make_request"),
)


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Every attribute of the clients is after the test what it was before."""
    before = [vars(owner)[name] for owner, name in PATCHED]
    yield
    assert [vars(owner)[name] for owner, name in PATCHED] == before
    assert not ACTIVE_CASSETTES.are_wanted()


@pytest.fixture(scope="class")
def shared(
    tmp_path_factory: pytest.TempPathFactory, running_provider: Provider
) -> Iterator[Cassette]:
    """A cassette that the tests of a class share."""
    path = tmp_path_factory.mktemp("shared") / "c.yaml"
    with use_cassette(path, record_mode="once"):
        httpx2.post(chat(running_provider), json={"model": "one"})
        httpx2.post(chat(running_provider), json={"model": "two"})
    with use_cassette(path, record_mode="none") as cassette:
        yield cassette


@pytest.fixture
async def awaited(tmp_path: Path, provider: Provider) -> Cassette:
    """A cassette of an asynchronous fixture, which is over when the test begins."""
    async with (
        use_cassette(tmp_path / "c.yaml", record_mode="once") as cassette,
        httpx2.AsyncClient() as client,
    ):
        await client.post(chat(provider), json=ASKED)
    return cassette


def test_it_is_an_everyday_name() -> None:
    """Of the package itself."""
    assert understudy.use_cassette is use_cassette


def test_it_decorates_a_function(provider: Provider, tmp_path: Path) -> None:
    """Each call uses the cassette anew."""

    @use_cassette(tmp_path / "c.yaml", record_mode="once")
    def ask() -> int:
        return httpx2.post(chat(provider), json=ASKED).status_code

    assert [ask(), ask(), ask()] == [200, 200, 200]
    assert len(provider.received) == 1


async def test_it_decorates_a_coroutine_function(provider: Provider, tmp_path: Path) -> None:
    """Which is still one."""

    @use_cassette(tmp_path / "c.yaml", record_mode="once")
    async def ask() -> int:
        async with httpx2.AsyncClient() as client:
            return (await client.post(chat(provider), json=ASKED)).status_code

    assert asyncio.iscoroutinefunction(ask)
    assert [await ask(), await ask()] == [200, 200]
    assert len(provider.received) == 1


def test_it_does_not_decorate_a_generator(tmp_path: Path) -> None:
    """Its body would run when the cassette is gone."""

    def generate() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match="generator"):
        use_cassette(tmp_path / "c.yaml")(generate)


class TestSharedCassette:
    """One cassette for a class, put in force by a fixture of that scope."""

    def test_first(self, shared: Cassette, running_provider: Provider) -> None:
        """It plays one of two."""
        before = len(running_provider.received)

        httpx2.post(chat(running_provider), json={"model": "two"})

        assert len(running_provider.received) == before
        assert shared.play_count == 1

    async def test_second(self, shared: Cassette, running_provider: Provider) -> None:
        """And the other one, on a loop that the fixture knows nothing of."""
        before = len(running_provider.received)

        async with httpx2.AsyncClient() as client:
            await client.post(chat(running_provider), json={"model": "one"})

        assert len(running_provider.received) == before
        assert shared.all_played

    @pytest.fixture(autouse=True)
    def nothing_is_left_behind(self) -> None:
        """Here the cassette outlives the test."""


class TestCase(unittest.TestCase):
    """As `setUp` of unittest uses it."""

    def test_it_is_entered(self) -> None:
        """And left by itself."""
        cassette = self.enterContext(use_cassette("nowhere.yaml", record_mode="none"))

        assert len(cassette) == 0


async def test_asynchronous_fixture_may_use_it(awaited: Cassette) -> None:
    """Setup and teardown are in one task there, or not."""
    assert len(awaited.recorded) == 1


def test_inner_use_covers_the_outer_one(provider: Provider, tmp_path: Path) -> None:
    """And gives way to it again."""
    with use_cassette(tmp_path / "outer.yaml", record_mode="once") as outer:
        httpx2.post(chat(provider), json={"model": "a"})
        with use_cassette(tmp_path / "inner.yaml", record_mode="once") as inner:
            httpx2.post(chat(provider), json={"model": "b"})
        httpx2.post(chat(provider), json={"model": "c"})

    assert (len(outer), len(inner)) == (2, 1)


def test_mode_is_once_by_default(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with vcrpy."""
    monkeypatch.delenv("CI", raising=False)

    with use_cassette(tmp_path / "c.yaml") as cassette:
        httpx2.post(chat(provider), json=ASKED)

    assert len(cassette.recorded) == 1


def test_nothing_is_recorded_in_ci_by_default(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forgotten cassette costs no money there."""
    monkeypatch.setenv("CI", "true")

    with pytest.raises(CassetteMiss), use_cassette(tmp_path / "c.yaml"):
        httpx2.post(chat(provider), json=ASKED)

    assert provider.received == []


def test_wrong_mode_is_refused(tmp_path: Path) -> None:
    """At once, with the nearest one."""
    with pytest.raises(UnknownNameError, match="new_episodes"):
        use_cassette(tmp_path / "c.yaml", record_mode="new_episode")


@pytest.mark.parametrize("speed", [-1.0, float("nan"), float("inf")])
def test_wrong_speed_is_refused(tmp_path: Path, speed: float) -> None:
    """At once."""
    with pytest.raises(SettingsError, match="replay_speed is"):
        use_cassette(tmp_path / "c.yaml", replay_speed=speed)


def test_a_name_that_no_file_has_is_refused() -> None:
    """In words, whatever the mode."""
    with pytest.raises(CassetteError, match="no file has such a name"):
        use_cassette("a\0b.yaml", record_mode="once").__enter__()


def test_damaged_file_is_refused_on_entering(tmp_path: Path) -> None:
    """Before anything is put in force, and it stays as it is."""
    path = tmp_path / "c.yaml"
    path.write_text("<<<<<<< HEAD\n")

    with pytest.raises(CassetteError, match="line 1"):
        use_cassette(path, record_mode="once").__enter__()

    assert path.read_text() == "<<<<<<< HEAD\n"


def test_save_that_fails_leaves_nothing_behind(provider: Provider, tmp_path: Path) -> None:
    """The error is raised when everything is put back."""
    folder = tmp_path / "folder"
    use = use_cassette(folder / "c.yaml", record_mode="once")
    use.__enter__()
    httpx2.post(chat(provider), json=ASKED)
    (folder / "c.yaml").mkdir()

    with pytest.raises((CassetteError, OSError)):
        use.__exit__(None, None, None)


@pytest.mark.parametrize("options", [{"ignore_localhost": True}, {"ignore_hosts": ["127.0.0.1"]}])
def test_ignored_host_is_live(
    options: dict[str, object], provider: Provider, tmp_path: Path
) -> None:
    """Neither played nor recorded."""
    with use_cassette(tmp_path / "c.yaml", record_mode="none", **options):  # type: ignore[arg-type]
        httpx2.post(chat(provider), json=ASKED)

    assert len(provider.received) == 1
