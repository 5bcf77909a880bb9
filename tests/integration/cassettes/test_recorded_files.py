"""Recorded files of others, replayed to their own requests. Skips where there are none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from understudy.cassettes import Cassette
from understudy.cassettes.player import CassettePlayer
from understudy.clock import RealClock
from understudy.intercept.cassettes import ACTIVE_CASSETTES
from understudy.providers import default_apis
from understudy.wire import decoded_body

if TYPE_CHECKING:
    from understudy.cassettes import Interaction

DATA = Path(os.environ.get("UNDERSTUDY_TEST_DATA", Path(__file__).parents[3] / "../shared/data"))
CASSETTES = DATA / "cassettes"
#: HTTP archives are others'.
FILES = sorted(
    path for path in CASSETTES.glob("*/**/*") if path.is_file() and path.suffix != ".har"
)
FOLDERS = sorted({path.relative_to(CASSETTES).parts[0] for path in FILES})
APIS = default_apis()

pytestmark = pytest.mark.skipif(not FILES, reason="recorded traffic is not here")


def replayed(client: httpx2.Client, recorded: Interaction) -> bytes:
    """Send the recorded request, and return the body of the answer, decompressed."""
    request = recorded.request
    headers = [pair for pair in request.headers if pair[0].lower() != "content-length"]
    response = client.send(
        client.build_request(request.method, request.url, headers=headers, content=request.body)
    )
    assert response.status_code == recorded.response.status
    return response.content


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_recording_answers_its_own_request(folder: str, tmp_path: Path) -> None:
    """Byte for byte, through a real client."""
    files = [path for path in FILES if path.relative_to(CASSETTES).parts[0] == folder]

    with httpx2.Client() as client:
        assert sum(_replay(path, client, tmp_path) for path in files)


def _replay(path: Path, client: httpx2.Client, state: Path) -> int:
    cassette = Cassette.open(path, state=state)
    player = CassettePlayer(cassette, clock=RealClock(), apis=APIS)
    with ACTIVE_CASSETTES.put(player):
        for recorded in cassette.interactions:
            headers = {name.lower(): value for name, value in recorded.response.headers}
            expected = decoded_body(headers, recorded.response.body)
            assert replayed(client, recorded) == expected, f"{path}: {recorded.request.url}"
    assert cassette.all_played, path
    player.close()
    return len(cassette)
