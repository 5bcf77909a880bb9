"""A request that wants an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._api import Asked
from .._json import mapping, parse
from ..streams import decoded_body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ...calls import Request
    from .._api import WireApi
    from .._registry import Recognised
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
        api, target = recognised.api, recognised.target
        sent = request.body
        plain = sent if sent.startswith(b"{") else decoded_body(request.headers, sent)
        body = mapping(parse(plain))
        asked = _asked(api, target, body)
        return cls(api.wire_api, target, asked.model, asked.stream, body)

    def model_of(self, told: str | None) -> str:
        """Return the model that the answer names: the one told, or the one asked for."""
        return told or self.model or "understudy"


def _asked(api: WireApi, target: Target, body: Mapping[str, Any]) -> Asked:
    try:
        return api.asked(target, body)
    except Exception:  # noqa: BLE001  somebody else's codec may raise
        return Asked()
