"""What a request asks, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._api import Asked
from .fields import mapping, parse
from .streams import decoded_body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ..calls import Request
    from ._api import WireApi
    from ._target import Target


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks, read once: `body` is its JSON object, empty where there is none."""

    wire_api: str
    target: Target
    model: str | None
    stream: bool
    body: Mapping[str, Any]

    @classmethod
    def of(cls, api: WireApi, target: Target, request: Request) -> Self:
        """Read `request`, which goes to `target` and is a call of `api`. Never raises."""
        body = _body(request)
        asked = _asked(api, target, body)
        return cls(api.wire_api, target, asked.model, asked.stream, body)

    def model_of(self, named: str | None) -> str:
        """Return the model that the answer names: the one `named`, or the one asked for."""
        return named or self.model or "understudy"


def read_request(api: WireApi, target: Target, request: Request) -> Asked:
    """Read what a request asks for; an API that raises has read nothing."""
    return _asked(api, target, _body(request))


def _body(request: Request) -> dict[str, Any]:
    sent = request.body
    return mapping(parse(sent if sent.startswith(b"{") else decoded_body(request.headers, sent)))


def _asked(api: WireApi, target: Target, body: Mapping[str, Any]) -> Asked:
    try:
        return api.asked(target, body)
    except Exception:  # noqa: BLE001  somebody else's API may raise
        return Asked()
