"""Errors of the gateway's own, in the shape of the API that was called."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..wire import Question
from ..wire.writing import ErrorKind, Failure

if TYPE_CHECKING:
    from ..calls import Request
    from ..wire import Recognised
    from ..wire.writing import Rendered
    from ._addresses import Address, Addresses

_KINDS: Final = MappingProxyType(
    {
        401: ErrorKind.AUTHENTICATION,
        403: ErrorKind.PERMISSION,
        404: ErrorKind.NOT_FOUND,
        500: ErrorKind.SERVER_ERROR,
    }
)


@dataclass(frozen=True, slots=True)
class Refusals:
    """Writes what a client is told that gets no answer."""

    addresses: Addresses

    def write(
        self,
        request: Request,
        address: Address,
        status: int,
        message: str,
        recognised: Recognised | None = None,
    ) -> Rendered:
        """Return an error response with this status; none is like one that is worth a retry."""
        apis = self.addresses.apis
        if recognised is not None and apis.writer_of(recognised.api.wire_api) is not None:
            question = recognised.question(request)
            wire_api = question.wire_api
        else:
            wire_api, base = self.addresses.shape_of(request, address.provider)
            target = apis.target_of(request.method, base + address.path)
            question = Question(wire_api, target, None, stream=False, body={})
        kind = _KINDS.get(status, ErrorKind.INVALID_REQUEST)
        return apis.write(question, Failure(kind=kind, status=status, message=message))
