"""A cassette records and plays when vcrpy's does."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import vcr.cassette
import vcr.matchers
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.record_mode import RecordMode as TheirMode
from vcr.request import Request

from understudy.cassettes import (
    Cassette,
    Hit,
    Interaction,
    Matching,
    Miss,
    MissAction,
    MissReason,
    RecordedRequest,
    RecordedResponse,
    RecordMode,
    Treatment,
)
from understudy.errors import CassetteError, UnknownNameError

NAMES = st.lists(st.sampled_from("ABC"), max_size=5)


def request(name: str) -> RecordedRequest:
    """Build a request."""
    return RecordedRequest(
        method="POST", url=f"https://api.test/{name}", headers=(("accept", "*/*"),), body=b"{}"
    )


def response(text: str) -> RecordedResponse:
    """Build a response."""
    return RecordedResponse(status=200, reason="OK", body=text.encode())


def record(path: Path, *names: str, mode: str = "new_episodes") -> None:
    """Record a response to each name; it says its turn."""
    with Cassette.open(path, record_mode=mode) as cassette:
        for turn, name in enumerate(names):
            cassette.append(request(name), response(f"{name}{turn}"))


def body_of(found: Hit | Miss) -> str:
    """Return what a hit plays."""
    assert isinstance(found, Hit)
    return found.recorded.response.body.decode()


def action_of(found: Hit | Miss) -> MissAction:
    """Return what follows from a miss."""
    assert isinstance(found, Miss)
    return found.action


def our_session(path: Path, mode: str, names: list[str]) -> list[str]:
    """Return what becomes of each call, and record those that go out."""
    outcomes: list[str] = []
    with Cassette.open(path, record_mode=mode) as cassette:
        for turn, name in enumerate(names):
            found = cassette.find(request(name))
            if isinstance(found, Hit):
                outcomes.append(body_of(found))
            elif found.action is MissAction.REFUSE:
                outcomes.append("refused")
            else:
                outcomes.append("live")
                cassette.append(request(name), response(f"new {name}{turn}"), miss=found)
    return outcomes


def their_session(path: Path, mode: str, names: list[str]) -> list[str]:
    """Do the same with vcrpy's cassette, as its stubs do."""
    cassette = vcr.cassette.Cassette.load(
        path=str(path),
        record_mode=TheirMode(mode),
        match_on=(vcr.matchers.method, vcr.matchers.uri),
    )
    outcomes: list[str] = []
    for turn, name in enumerate(names):
        made = Request("POST", f"https://api.test/{name}", b"{}", {"accept": "*/*"})
        if cassette.can_play_response_for(made):
            outcomes.append(cassette.play_response(made)["body"]["string"].decode())
        elif cassette.write_protected:
            outcomes.append("refused")
        else:
            outcomes.append("live")
            said: dict[str, Any] = {"status": {"code": 200, "message": "OK"}, "headers": {}}
            cassette.append(made, said | {"body": {"string": f"new {name}{turn}".encode()}})
    cassette._save()
    return outcomes


def saved(path: Path) -> list[bytes]:
    """Return the bodies in a file; none where there is none."""
    return [each.response.body for each in Cassette.open(path).interactions]


@settings(max_examples=40)
@given(st.none() | NAMES, st.sampled_from(RecordMode), NAMES)
def test_every_mode_does_what_vcrpy_does(
    stored: list[str] | None, mode: RecordMode, names: list[str]
) -> None:
    """With any file, for any calls: who is answered, refused, sent, and what is saved."""
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.yaml", Path(folder) / "theirs.yaml"
        for path in (ours, theirs) if stored else ():
            record(path, *(stored or ()))

        outcomes = our_session(ours, mode, names)

        assert outcomes == their_session(theirs, mode, names)
        assert sorted(saved(ours)) == sorted(saved(theirs))
        if mode is not RecordMode.ALL:
            assert saved(ours) == saved(theirs)


def test_equal_requests_get_their_recordings_in_order(tmp_path: Path) -> None:
    """Each once."""
    record(tmp_path / "a.yaml", "A", "B", "A")
    cassette = Cassette.open(tmp_path / "a.yaml")

    assert body_of(cassette.find(request("A"))) == "A0"
    assert body_of(cassette.find(request("A"))) == "A2"
    assert action_of(cassette.find(request("A"))) is MissAction.REFUSE
    assert [each.response.body for each in cassette.unplayed] == [b"B1"]
    assert [each.response.body for each in cassette.played] == [b"A0", b"A2"]
    assert (cassette.play_count, cassette.all_played) == (2, False)


def test_repeats_play_the_last_again(tmp_path: Path) -> None:
    """After all have had their turn."""
    record(tmp_path / "a.yaml", "A", "A")
    cassette = Cassette.open(tmp_path / "a.yaml", matching=Matching(allow_playback_repeats=True))

    said = [body_of(cassette.find(request("A"))) for _ in range(4)]

    assert said == ["A0", "A1", "A1", "A1"]


def test_a_rewound_cassette_plays_from_its_start(tmp_path: Path) -> None:
    """As if nothing had been played."""
    record(tmp_path / "a.yaml", "A")
    cassette = Cassette.open(tmp_path / "a.yaml")
    cassette.find(request("A"))

    cassette.rewind()

    assert not cassette.played
    assert body_of(cassette.find(request("A"))) == "A0"


def test_an_equal_recording_is_preferred_to_one_equal_when_normalised(tmp_path: Path) -> None:
    """So that dates in prompts do not mix answers up."""
    record(tmp_path / "a.yaml", "on-2026-01-01", "on-2026-01-02")
    matching = Matching(normalise=("dates",), patterns={"day": r"\d{4}-\d\d-\d\d"})
    cassette = Cassette.open(tmp_path / "a.yaml", matching=matching)

    assert body_of(cassette.find(request("on-2026-01-02"))) == "on-2026-01-021"
    assert body_of(cassette.find(request("on-2026-09-09"))) == "on-2026-01-010"
    assert action_of(cassette.find(request("on-2026-01-01"))) is MissAction.REFUSE


def test_re_recording_keeps_the_place_of_what_it_replaces(tmp_path: Path) -> None:
    """So that the diff shows what changed; what was not asked for again stays."""
    path = tmp_path / "a.yaml"
    record(path, "A", "B", "C")

    assert our_session(path, "all", ["C", "A", "D", "A"]) == ["live"] * 4

    assert saved(path) == [b"new A1", b"new A3", b"B1", b"new C0", b"new D2"]


def test_interactions_stand_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    """However long each answer took."""
    path = tmp_path / "a.yaml"
    with Cassette.open(path, record_mode="once") as cassette:
        misses = [cassette.find(request(name)) for name in "ABC"]
        for name, miss in reversed(list(zip("ABC", misses, strict=True))):
            assert isinstance(miss, Miss)
            cassette.append(request(name), response(name), miss=miss)

    assert saved(path) == [b"A", b"B", b"C"]


@pytest.mark.parametrize("name", ["bodies", "odd_match", "says_true", "raises"])
def test_custom_matchers_have_the_last_word(tmp_path: Path, name: str) -> None:
    """In any of the forms that vcrpy takes: a boolean, nothing, an assertion."""

    def by_last_letter(made: Any, stored: Any) -> Any:
        matches = made.path[-1] == stored.path[-1]
        if name == "raises":
            assert matches
            return None
        return matches

    matching = Matching(match_on=("method", name), matchers={name: by_last_letter})
    path = tmp_path / "a.yaml"
    record(path, "xA", "xB")
    cassette = Cassette.open(path, matching=matching)

    assert body_of(cassette.find(request("yB"))) == "xB1"
    assert action_of(cassette.find(request("yB"))) is MissAction.REFUSE
    with Cassette.open(path, matching=matching, record_mode="all") as cassette:
        cassette.append(request("zA"), response("again"))
    assert saved(path) == [b"again", b"xB1"]


def test_a_write_protected_cassette_takes_nothing(tmp_path: Path) -> None:
    """Whoever asks."""
    with pytest.raises(CassetteError, match="write-protected"):
        Cassette.open(tmp_path / "a.yaml").append(request("A"), response("A"))


def test_an_unknown_mode_is_named(tmp_path: Path) -> None:
    """With the nearest one."""
    with pytest.raises(UnknownNameError, match="new_episodes"):
        Cassette.open(tmp_path / "a.yaml", record_mode="new_episode")


class Hiding:
    """A redactor that hides digits, ignores what is ignored and drops what is dropped."""

    fingerprint = "digits"

    def request(self, request: RecordedRequest) -> RecordedRequest | None:
        """Hide digits of the address."""
        if "ignored" in request.url:
            return None
        url = "".join("#" if each.isdigit() else each for each in request.url)
        return RecordedRequest(method=request.method, url=url, body=request.body)

    def recorded(self, recorded: Interaction) -> Interaction | None:
        """Hide them where they are kept."""
        request = self.request(recorded.request)
        if request is None or "dropped" in request.url:
            return None
        return Interaction(request, recorded.response)


def test_a_redacted_file_answers_the_request_that_it_was_made_of(tmp_path: Path) -> None:
    """And nothing of what was hidden is in it."""
    path, treatment = tmp_path / "a.yaml", Treatment(redactor=Hiding())
    with Cassette.open(path, record_mode="once", treatment=treatment) as cassette:
        cassette.append(request("secret42"), response("A"))

    found = Cassette.open(path, treatment=treatment).find(request("secret42"))

    assert body_of(found) == "A"
    assert "42" not in path.read_text().partition("body")[0]


def test_a_request_is_redacted_to_be_found_and_to_be_kept(tmp_path: Path) -> None:
    """Not once more for its keys."""
    redacted: list[str] = []

    class Counting(Hiding):
        def request(self, request: RecordedRequest) -> RecordedRequest | None:
            redacted.append(request.url)
            return super().request(request)

    treatment = Treatment(redactor=Counting())
    with Cassette.open(tmp_path / "a.yaml", record_mode="once", treatment=treatment) as cassette:
        miss = cassette.find(request("secret42"))
        assert isinstance(miss, Miss)
        cassette.append(request("secret42"), response("A"), miss=miss)

    assert len(redacted) == 2


def test_a_file_that_was_recorded_without_the_redactor_is_still_played(tmp_path: Path) -> None:
    """Stored requests are redacted before they are compared."""
    path = tmp_path / "a.yaml"
    record(path, "secret42", "ignored")

    cassette = Cassette.open(path, treatment=Treatment(redactor=Hiding()))

    assert body_of(cassette.find(request("secret42"))) == "secret420"


def test_what_the_redactor_ignores_goes_live_and_is_not_kept(tmp_path: Path) -> None:
    """Even where nothing may be recorded."""
    found = Cassette.open(tmp_path / "a.yaml", treatment=Treatment(redactor=Hiding())).find(
        request("ignored")
    )

    assert action_of(found) is MissAction.IGNORE
    assert isinstance(found, Miss)
    assert found.reason is MissReason.IGNORED


def test_what_the_redactor_drops_is_not_kept(tmp_path: Path) -> None:
    """Nor is a file made for it."""
    treatment = Treatment(redactor=Hiding())
    with Cassette.open(tmp_path / "a.yaml", record_mode="once", treatment=treatment) as cassette:
        assert cassette.append(request("dropped"), response("A")) is None

    assert not (tmp_path / "a.yaml").exists()


def test_a_view_is_written_where_it_can_be_made(tmp_path: Path) -> None:
    """One that fails loses nothing but itself."""

    def view(recorded: Interaction) -> Any:
        return {"path": recorded.request.url, "size": 1 // (len(recorded.response.body) - 1)}

    path = tmp_path / "a.yaml"
    with Cassette.open(path, record_mode="once", treatment=Treatment(view=view)) as cassette:
        cassette.append(request("A"), response("A"))
        cassette.append(request("B"), response("BB"))
        assert [each.request.url[-1] for each in cassette.recorded] == ["A", "B"]

    views = [each.response.view for each in Cassette.open(path).interactions]
    assert views == [None, {"path": "https://api.test/B", "size": 1}]


def test_what_was_saved_is_handed_on(tmp_path: Path) -> None:
    """So that somebody may look for secrets in it; what that raises comes through."""
    seen: list[tuple[Path, bytes]] = []
    path = tmp_path / "a.yaml.gz"
    with Cassette.open(
        path,
        record_mode="once",
        treatment=Treatment(after_save=lambda *given: seen.append(given)),
    ) as cassette:
        cassette.append(request("A"), response("A"))

    ((place, content),) = seen
    assert place == path
    assert content.startswith(b"interactions:\n- request:\n")
