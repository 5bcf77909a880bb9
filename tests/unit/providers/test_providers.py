"""What holds for every provider."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

from tests.unit.providers.sample_bodies import URLS

from understudy.calls import Request, Response
from understudy.providers import PROVIDERS, default_apis

APIS = default_apis()


def test_each_has_a_name_and_hosts_of_its_own() -> None:
    """No two claim the same."""
    names = Counter(each.name for each in PROVIDERS)
    hosts = Counter(host for each in PROVIDERS for host in each.hosts)
    suffixes = Counter((end, each.host_word) for each in PROVIDERS for end in each.suffixes)

    assert max(*names.values(), *hosts.values(), *suffixes.values()) == 1


def test_each_api_has_a_sample() -> None:
    """Nobody is left out of the tests of all."""
    assert [api.wire_api for api in APIS.ordered] == list(URLS)


def test_a_poll_is_named_like_the_call() -> None:
    """Reading by the API and naming by the path do not disagree."""
    for wire_api, url in URLS.items():
        call = Request("POST", url, {}, b'{"model": "m"}')
        poll = Request("GET", url, {}, b"")

        assert APIS.read(call, Response(200, {}, b"")).wire_api == wire_api
        assert APIS.read(poll, Response(200, {}, b"")).wire_api == wire_api


def test_prompts_are_those_of_a_providers_own_apis() -> None:
    """A slip of the pen would read nothing."""
    for each in PROVIDERS:
        assert set(each.prompts) <= {api.wire_api for api in each.apis}


def test_reading_imports_little_and_no_writing() -> None:
    """It is on the way of every call: the standard library and a JSON parser.

    Writers are loaded where something is first written.
    """
    code = (
        "import sys; before = set(sys.modules); import understudy.providers;"
        "print(*sorted(set(sys.modules) - before - sys.stdlib_module_names))"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = ran.stdout.split()
    packages = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert packages <= {"pydantic_core", "typing_extensions", "understudy"}
    assert "understudy.providers.openai._read_chat" in loaded
    marks = ("writ", "_refusals", "_dialects")
    ours = [name for name in loaded if name.startswith("understudy.")]
    assert [name for name in ours if any(mark in name for mark in marks)] == []


def test_a_stranger_is_a_provider_without_anything() -> None:
    """But the variable that a key is looked for in."""
    stranger = APIS.provider("acme")

    assert (stranger.variables, stranger.apis) == (("ACME_API_KEY",), ())
    assert stranger.header_of("k") == ("authorization", "Bearer k")
    assert APIS.provider("localhost:3000").variables == ()
    assert APIS.provider("google").header_of("k") == ("x-goog-api-key", "k")
