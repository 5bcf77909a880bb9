"""The secrets that a request carries, whatever the scheme."""

from __future__ import annotations

from base64 import b64encode

import pytest
from tests.unit.redaction.corpus import HEX, LETTERS

from understudy.redaction import carried_secrets, redacted

HOST = "https://h/v1/chat"
AWS4 = (
    "AWS4-HMAC-SHA256 Credential=GWIDPLANTED77AA88BB99/20260314/us-east-1/bedrock/aws4_request,"
    f" SignedHeaders=host;x-amz-date, Signature={HEX}{HEX}"
)
DIGEST = f'Digest username="app", realm="api.host.com", uri="/v1/chat1", response="{HEX}"'
CARRIERS: list[tuple[str, str, str, str]] = [
    (HOST, "authorization", f"Bearer {HEX}", HEX),
    (HOST, "authorization", "Bearer my-own-gateway-secret", "my-own-gateway-secret"),
    (HOST, "Authorization", f"Token token={HEX}", HEX),
    (HOST, "authorization", f'Token token="{HEX}", nonce="def"', HEX),
    (HOST, "authorization", f"Key {LETTERS[:30]}", LETTERS[:30]),
    (HOST, "authorization", HEX, HEX),
    (HOST, "authorization", f"Basic {b64encode(b'app:q7Rk2vLx9d').decode()}", "q7Rk2vLx9d"),
    (HOST, "authorization", DIGEST, HEX),
    (HOST, "authorization", AWS4, HEX + HEX),
    (HOST, "authorization", AWS4, "GWIDPLANTED77AA88BB99"),
    (HOST, "proxy-authorization", f"Bearer {HEX}", HEX),
    (HOST, "cf-aig-authorization", f"Bearer {HEX}", HEX),
    (HOST, "helicone-auth", f"Bearer {HEX}", HEX),
    (HOST, "x-portkey-api-key", HEX, HEX),
    (HOST, "xi-api-key", HEX, HEX),
    (HOST, "x-company", "gw-live-77aa88bb", "gw-live-77aa88bb"),
    (HOST, "cookie", f"theme=dark; session={HEX}", HEX),
    (f"{HOST}?key={HEX}", "accept", "*/*", HEX),
    (f"{HOST}?alt=sse&api_key={HEX}", "accept", "*/*", HEX),
    (f"{HOST}?gateway_key={HEX}", "accept", "*/*", HEX),
    (f"{HOST}?token=a%2Fb7Rk2vLx9dQw", "accept", "*/*", "a/b7Rk2vLx9dQw"),
    (f"{HOST}?code={HEX}", "accept", "*/*", HEX),
    (f"{HOST}?hapikey={HEX}", "accept", "*/*", HEX),
    (HOST, "x-portkey-config", f'{{"provider": "openai", "api_key": "{HEX}"}}', HEX),
    (f"{HOST}#id_token={HEX}", "accept", "*/*", HEX),
    ("https://app:q7Rk2vLx9d@h/v1", "accept", "*/*", "q7Rk2vLx9d"),
]


@pytest.mark.parametrize(("url", "name", "value", "secret"), CARRIERS)
def test_what_a_request_carries_is_known(url: str, name: str, value: str, secret: str) -> None:
    """In each header and scheme, in the query, the fragment and before the host."""
    carried = carried_secrets(url, [(name, value)])

    assert secret in carried
    assert secret not in redacted(f"no such key: {secret}!", {name: value}, url=url)


def test_what_else_a_request_carries_is_no_secret() -> None:
    """Versions, ids of traces, agents, stand-ins and what is asked for."""
    headers = {
        "user-agent": "OpenAI/Python 1.51.0 a1b2c3d4e5f6",
        "traceparent": f"00-{HEX}-b7ad6b7169203331-01",
        "x-request-id": HEX,
        "idempotency-key": "stainless-python-retry-1f2e3d4c-5b6a-4789-8c0d-e1f2a3b4c5d6",
        "x-stainless-runtime-version": "3.12.1",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "authorization": "Bearer test-key",
        "x-cache-key": "gpt-4o-mini",
        "x-tier": "priority",
    }
    url = f"https://h/p?page_token={HEX}&model=gpt-4o-mini&key=name"

    assert carried_secrets(url, headers.items()) == ()
