"""A request that wants an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._body import decoded_body
from .._json import mapping, parse
from .._protocol import Asked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ...calls import Request
    from .._codecs import Recognised
    from .._protocol import Codec
    from .._target import Target


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks, read once: `body` is its JSON object, empty where there is none."""

    wire_api: str
    target: Target
    model: str | None
    stream: bool
    body: Mapping[str, Any]

    @classmethod
    def of(cls, recognised: Recognised, request: Request) -> Self:
        """Read `request`, which `recognised` was made of. Never raises."""
        codec, target = recognised.codec, recognised.target
        sent = request.body
        plain = sent if sent.startswith(b"{") else decoded_body(request.headers, sent)
        body = mapping(parse(plain))
        asked = _asked(codec, target, body)
        return cls(codec.wire_api, target, asked.model, asked.stream, body)

    def model_of(self, told: str | None) -> str:
        """Return the model that the answer names: the one told, or the one asked for."""
        return told or self.model or "understudy"


def _asked(codec: Codec, target: Target, body: Mapping[str, Any]) -> Asked:
    try:
        return codec.asked(target, body)
    except Exception:  # noqa: BLE001  somebody else's codec may raise
        return Asked()
