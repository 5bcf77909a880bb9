"""What a mock has decided to do with a call, and the reply that it makes of a rule's content."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from ..calls import Origin, Usage
from ..wire.writing import Reply
from ._estimator import count_choices, count_input
from ._reply_content import ReplyContent

if TYPE_CHECKING:
    from ..delays import DelayProfile
    from ..playback import Playback
    from ..wire.writing import Failure
    from ._call import IncomingCall
    from ._rules import NamedFault

UsageSource: TypeAlias = Literal["provider", "estimated", "none"]

#: What answers a request for embeddings that no rule answers: vectors made of the texts.
VECTORS: Final = ReplyContent(lines=(), output_tokens=0, reasoning_tokens=0)
_ID_BYTES: Final = 12


class Decision(NamedTuple):
    """The answer, or what comes in its place; the faults that befall it, and its timing."""

    answer: Reply | Failure | Playback
    faults: tuple[NamedFault, ...]
    profile_name: str
    profile: DelayProfile
    scenario: str | None
    usage_source: UsageSource

    @property
    def fault(self) -> str | None:
        """The names of the faults, None where there are none."""
        return "+".join(fault.name for fault in self.faults) or None

    @property
    def is_spoilt(self) -> bool:
        """Whether a fault leaves the client without a whole answer."""
        return any(named.fault.spoils for named in self.faults)

    def event_fields(self, clock: str) -> dict[str, Any]:
        """Return the fields of the event that the wire does not tell."""
        return {
            "origin": Origin.MOCKED,
            "clock": clock,
            "profile": self.profile_name,
            "scenario": self.scenario,
            "fault": self.fault,
            "usage_source": self.usage_source,
        }


def instead_of(call: IncomingCall, faults: tuple[NamedFault, ...]) -> Failure | Playback | None:
    """Return what the first fault that leaves no answer puts in its place."""
    for named in faults:
        if (instead := named.fault.instead(call)) is not None:
            return instead
    return None


def finished_reply(
    call: IncomingCall, content: ReplyContent, faults: tuple[NamedFault, ...]
) -> tuple[Reply, UsageSource]:
    """Return the reply with its ids and its usage, changed by the faults."""
    usage, source = _usage(call, content)
    reply = Reply(
        lines=content.lines,
        usage=usage,
        finish_reason=content.finish_reason,
        model=content.model,
        id=id_of(call.seed),
        vectors=content.vectors,
        headers=content.headers,
    )
    for named in faults:
        reply = named.fault.on_reply(reply, call)
    return reply, source


def id_of(seed: str) -> str:
    """Return what all identifiers of an answer are made of."""
    return blake2b(seed.encode(), digest_size=_ID_BYTES).hexdigest()


def _usage(call: IncomingCall, content: ReplyContent) -> tuple[Usage, UsageSource]:
    """Return the usage that was given, and counts for what it leaves out."""
    given = content.usage or Usage()
    if given.input_tokens is not None and given.output_tokens is not None:
        return given, "provider"
    counted = _counted(call, content, given)
    if content.usage is None:
        return counted, "estimated"
    return counted.updated(given), "estimated"


def _counted(call: IncomingCall, content: ReplyContent, given: Usage) -> Usage:
    said = count_choices(call.question.body)
    cached = (given.cache_read_tokens or 0) + (given.cache_write_tokens or 0)
    spoken = max(said * content.output_tokens, given.reasoning_tokens or 0)
    return Usage(
        input_tokens=count_input(call.question.body) + cached,
        output_tokens=None if call.wants_vectors else spoken,
        reasoning_tokens=said * content.reasoning_tokens or None,
    )
