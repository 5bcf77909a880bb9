"""What a request carries is taken out wherever an answer repeats it, in whichever form."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.cassettes.secrets.messages import EVENTS, JSON, answered, asked, exchange
from tests.unit.redaction.corpus import HEX, KEYS

from understudy.cassettes._document import document_of
from understudy.cassettes.secrets import SecretsRedactor
from understudy.cassettes.secrets._escapes import unescaped

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.cassettes import Headers, Interaction, RecordedRequest

SECRET = "gw/7Rk2+Lx9dQ8vZ4"
PLAIN: Headers = (("content-type", "text/plain"),)
WIDE: Headers = (("content-type", "text/plain; charset=utf-16"),)
CARRIERS: dict[str, RecordedRequest] = {
    "authorization": asked(headers=(*JSON, ("authorization", f"Token token={SECRET}"))),
    "custom header": asked(headers=(*JSON, ("x-company", SECRET))),
    "query": asked(url=f"https://h/p?key={quote(SECRET, safe='')}"),
    "JSON": asked(f'{{"api_key": "{SECRET}", "q": 1}}'.encode()),
    "form": asked(
        f"client_secret={quote(SECRET, safe='')}&a=1".encode(),
        headers=(("content-type", "application/x-www-form-urlencoded"),),
    ),
}
ECHOES: dict[str, Callable[[str], tuple[bytes, Headers]]] = {
    "as it is": lambda key: (f"no such key: {key}.".encode(), PLAIN),
    "in JSON": lambda key: (f'{{"error": "not valid: {key}"}}'.encode(), JSON),
    "slashes escaped": lambda key: (f'{{"e": "{key}"}}'.replace("/", "\\/").encode(), JSON),
    "every letter escaped": lambda key: (
        b'{"e": "%s"}' % "".join(f"\\u{ord(each):04x}" for each in key).encode(),
        JSON,
    ),
    "quoted": lambda key: (f"/to?x={quote(key, safe='')}&y=1".encode(), PLAIN),
    "quoted, small letters": lambda key: (
        (quote(key, safe="").lower().encode(), PLAIN)
        if key.islower()
        else (quote(key, safe="").replace("%2F", "%2f").replace("%2B", "%2b").encode(), PLAIN)
    ),
    "every letter quoted": lambda key: (
        "".join(f"%{ord(each):02X}" for each in key).encode(),
        PLAIN,
    ),
    "as HTML": lambda key: ("".join(f"&#{ord(each)};" for each in key).encode(), PLAIN),
    "base64": lambda key: (b64encode(key.encode()), PLAIN),
    "in longer base64": lambda key: (
        b'{"e": "%s"}' % b64encode(f"user:{key}, really".encode()),
        JSON,
    ),
    "UTF-16": lambda key: (f"no such key: {key}".encode("utf-16"), WIDE),
    "UTF-16 that nothing tells": lambda key: (f"no {key}".encode("utf-16-be"), PLAIN),
    "pieces of events": lambda key: (
        "".join(f'data: {{"delta": "{each}"}}\n\n' for each in (key[:7], key[7:])).encode(),
        EVENTS,
    ),
}


def written(recorded: Interaction) -> str:
    """Return everything that a file would hold, its wide texts narrow."""
    document = document_of(SecretsRedactor().recorded(recorded))
    return yaml.safe_dump(document, width=10_000).replace("\\0", "")


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("echo", ECHOES)
def test_an_echo_is_no_hiding_place(carrier: str, echo: str) -> None:
    """Not for a key without a shape."""
    body, headers = ECHOES[echo](SECRET)
    recorded = exchange(CARRIERS[carrier], answered(body, headers=headers))

    kept = SecretsRedactor().recorded(recorded)

    text = kept.response.body.decode("utf-16" if echo == "UTF-16" else "utf-8", "replace")
    text = text.replace("\0", "")
    assert "redacted" in text
    assert not any(part in text for part in ("7Rk2", "Lx9d", "Q8vZ", "5279327", "UXg5", "&#55;"))
    assert SecretsRedactor().response(kept.response) == kept.response


@pytest.mark.parametrize("key", [KEYS["OpenAI key"], KEYS["Anthropic key"], "sk-" + HEX])
@pytest.mark.parametrize("echo", [echo for echo in ECHOES if "base64" not in echo])
def test_no_form_hides_the_shape_of_a_key(key: str, echo: str) -> None:
    """Whoever sent it; base64 is what the scan of the file looks into."""
    body, headers = ECHOES[echo](key)

    clean = SecretsRedactor().response(answered(body, headers=headers)).body

    assert b"redacted" in clean.replace(b"\0", b"")
    assert clean != body


def test_a_location_and_an_address_keep_no_token() -> None:
    """Neither in the query nor in the fragment."""
    answer = answered(headers=(("location", f"/to?access_token={HEX}&a=1#id_token={HEX}&b=2"),))
    request = asked(url=f"https://h/to#state=1&access_token={HEX}")

    kept = SecretsRedactor().recorded(exchange(request, answer))

    assert kept.request.url == "https://h/to#state=1"
    assert kept.response.headers == (("location", "/to?a=1#b=2"),)


def test_a_cookie_that_an_answer_sets_is_not_in_its_body() -> None:
    """It is the key of the next request."""
    answer = answered(f'{{"session": "{HEX}"}}'.encode(), headers=(("set-cookie", f"s={HEX}"),))

    assert SecretsRedactor().response(answer).body == b'{"session": "[redacted]"}'


@given(st.text(alphabet='sk-%/\\u0123456789abf&#;x"', max_size=40))
def test_places_in_a_text_without_escapes_are_those_of_the_text_with_them(text: str) -> None:
    """Whatever is cut out by them is what stood there."""
    plain = unescaped(text)

    if plain is not None:
        spans = [
            (start, start + 1, "kind") for start in range(len(plain.text)) if plain.text[start]
        ]
        found = list(plain.original(spans))  # type: ignore[arg-type]
        assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
        assert found[0].start == 0
        assert found[-1].end == len(text)
