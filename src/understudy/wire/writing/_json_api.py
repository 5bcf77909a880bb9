"""What writes the answers of one wire API, and the skeleton that nearly all are made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from ._encode import encoded, json_text
from ._framing import SSE, Event, Framing, Piece, Rendered
from ._reply import ErrorKind, Failure, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .._reading import Question

Headers: TypeAlias = tuple[tuple[str, str], ...]
#: What was asked and answered, by the ids under which a provider keeps it.
Answers: TypeAlias = "Mapping[str, tuple[Question, Reply]]"

_Error: TypeAlias = tuple[int, str] | tuple[int, str, str] | tuple[int, str, str, str]
_JSON = "application/json"


class ApiWriter(Protocol):
    """Writes what a provider answers. It holds no state, does no input or output.

    `wire_api` is the name under which the same API is read (`openai.chat`). `JsonApi` makes
    one of two functions.
    """

    @property
    def wire_api(self) -> str: ...

    def write(self, question: Question, reply: Reply, /) -> Rendered:
        """Write the answer, as a stream where `question.stream` says so.

        A stream ends with an error where the reply is `broken_by` one.
        """

    def refuse(self, question: Question, failure: Failure, /) -> Rendered:
        """Write the error response that the provider's SDK raises its own exception for."""


def write(writer: ApiWriter, question: Question, answer: Reply | Failure) -> Rendered:
    """Let `writer` answer; a reply that breaks off, not streamed, is its error alone."""
    if isinstance(answer, Failure):
        return writer.refuse(question, answer)
    if answer.broken_by is None or question.stream:
        return writer.write(question, answer)
    refused = writer.refuse(question, answer.broken_by)
    return replace(refused, pieces=tuple(Piece(answer.last, data) for _, data in refused.pieces))


class ProviderError(NamedTuple):
    """What a provider says of one kind of failure; `message` may name `{model}`."""

    status: int
    message: str
    type: str = ""
    code: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorTable:
    """The errors of a provider; `others` are those that differ with who else speaks its API."""

    errors: Mapping[ErrorKind, ProviderError]
    others: Mapping[tuple[str, ErrorKind], ProviderError] = field(default_factory=dict)

    def of(self, question: Question, failure: Failure) -> ProviderError:
        """Return the error, with the status and the message of the failure where it has them."""
        kind = failure.kind
        usual = self.others.get((question.target.provider, kind)) or self.errors[kind]
        message = failure.message
        if message is None:
            message = usual.message.replace("{model}", question.model_of(None))
        return usual._replace(status=failure.status or usual.status, message=message)


def error_table(
    others: Mapping[tuple[str, ErrorKind], ProviderError] = MappingProxyType({}), **told: _Error
) -> ErrorTable:
    """Return a table of what is `told` of each kind: status, message, and type and code."""
    return ErrorTable({ErrorKind(name): ProviderError(*one) for name, one in told.items()}, others)


def headed(content_type: str, own: Headers, more: Headers) -> Headers:
    """Return all headers: those of `more` stand in the place of the ones they name."""
    headers = (("content-type", content_type), *own)
    if not more:
        return headers
    named = {name.lower() for name, _ in more}
    return (*(header for header in headers if header[0].lower() not in named), *more)


def retry_after(failure: Failure) -> Headers:
    """Return the header that says when to try again, none where that is not told."""
    return () if failure.wait is None else (("retry-after", failure.wait),)


def refusal(
    table: ErrorTable,
    body_of: Callable[[Question, Failure], Any],
    headers_of: Callable[[Question, Failure, ProviderError], Headers] | None = None,
    content_type: str = _JSON,
) -> Callable[[Question, Failure], Rendered]:
    """Return the function that writes error responses; without `headers_of` with `retry-after`."""

    def refuse(question: Question, failure: Failure) -> Rendered:
        error = table.of(question, failure)
        own = headers_of(question, failure, error) if headers_of else retry_after(failure)
        body = encoded(json_text(body_of(question, failure)))
        headers = headed(content_type, own, failure.headers)
        return Rendered(error.status, headers, (Piece(None, body),))

    return refuse


_PLAIN = error_table(
    rate_limit=(429, "Too many requests"),
    overloaded=(503, "Overloaded"),
    authentication=(401, "Unauthorized"),
    permission=(403, "Forbidden"),
    not_found=(404, "The model {model} does not exist"),
    invalid_request=(400, "Invalid request"),
    context_overflow=(400, "The prompt is too long"),
    content_filter=(400, "The prompt was filtered"),
    server_error=(500, "Internal server error"),
)


def _plain_body(question: Question, failure: Failure) -> dict[str, Any]:
    message = _PLAIN.of(question, failure).message
    return {"error": {"type": failure.kind.value, "message": message}}


_refuse_plainly = refusal(_PLAIN, _plain_body)


class Kept(NamedTuple):
    """How an API goes on with a conversation that the provider keeps.

    `ids` returns those under which it is kept up to an answer: that of the answer first, None
    where it has none, then those that the request names. `resumed` returns the body of a request
    as if the whole conversation had been sent in it, or the body itself where it names nothing
    that is kept. The bodies of the questions in `Answers` are whole, too.
    """

    ids: Callable[[Question, Reply], tuple[str | None, ...]]
    resumed: Callable[[Mapping[str, Any], Answers], Mapping[str, Any]]


def _no_headers(_question: Question, _reply: Reply) -> Headers:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonApi:
    """Writes an API whose answers are JSON: an `ApiWriter` made of two functions.

    `answer` returns the JSON of a whole answer. `events` returns those of a stream, which
    `framing` puts into one; None where the API does not stream. `headers` are the
    provider's own, beside the content type; those of a reply stand in their place.
    `refuse` writes errors: plain ones where it is not given. `keeps` tells how it goes on with
    conversations that the provider keeps, None where it keeps none.
    """

    wire_api: str
    answer: Callable[[Question, Reply], Mapping[str, Any] | Sequence[Mapping[str, Any]]]
    events: Callable[[Question, Reply], Sequence[Event]] | None = None
    framing: Framing = SSE
    headers: Callable[[Question, Reply], Headers] = _no_headers
    refuse: Callable[[Question, Failure], Rendered] = _refuse_plainly
    content_type: str = _JSON
    keeps: Kept | None = None

    def write(self, question: Question, reply: Reply, /) -> Rendered:
        """Write the JSON of a whole answer, or the events of a stream."""
        own = self.headers(question, reply)
        if question.stream and self.events is not None:
            pieces = self.framing.frame(self.events(question, reply))
            headers = headed(self.framing.content_type, own, reply.headers)
            return Rendered(200, headers, pieces)
        body = encoded(json_text(self.answer(question, reply)))
        headers = headed(self.content_type, own, reply.headers)
        return Rendered(200, headers, (Piece(reply.last, body),))
