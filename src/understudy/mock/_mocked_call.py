"""A call that the mock answered, for the test to look at."""

from __future__ import annotations

from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from ..calls import ToolCall
from ..wire.writing import Failure, Reply, TextLine, ToolLine

if TYPE_CHECKING:
    from ..calls import Message, Operation, Prompt, ToolOffer, ToolResult, Usage
    from ..playback import Broken, Playback
    from ..wire.writing import Line
    from ._call import IncomingCall
    from ._decision import Decision

_FIRST_ERROR_STATUS: Final = 400


def retry_after(headers: tuple[tuple[str, str], ...], now: float) -> float | None:
    """Return the seconds to wait, None where nothing is asked; `now` is in seconds since 1970.

    `retry-after-ms` goes before `retry-after`, which may be seconds or a date.
    """
    by_name = {name.lower(): value for name, value in headers}
    with suppress(KeyError, ValueError):
        return float(by_name["retry-after-ms"]) / 1000
    with suppress(KeyError, ValueError):
        return float(by_name["retry-after"])
    with suppress(KeyError, ValueError):
        return max(0.0, parsedate_to_datetime(by_name["retry-after"]).timestamp() - now)
    return None


class MockedCall:
    """One attempt of a call: what was asked and what was answered.

    `provider` and `model` are who was asked, `stream` whether a stream was; `scenario` is the one
    that it was a turn of, `profile` the delay profile. `began_at` and `ended_at` are seconds on
    the mock's clock; `ended_at` is None while the answer is being read. `read_timeout` is the
    client's own, in seconds, None for none; `knows_timeout` tells whether it is known.
    `retry_after` is the wait in seconds that the answer asked for.
    """

    def __init__(
        self, call: IncomingCall, decision: Decision, playback: Playback, *, began_at: float
    ) -> None:
        self.call = call
        self.decision = decision
        self.model = call.model
        self.provider = call.provider
        self.stream = call.stream
        self.scenario = decision.scenario
        self.profile = decision.profile_name
        self.began_at = began_at
        self.ended_at: float | None = None
        self.broken: Broken | None = None
        self.status = playback.status or None
        self.retry_after: float | None = None
        if playback.status >= _FIRST_ERROR_STATUS:
            self.retry_after = retry_after(playback.headers, call.received_at)
        self.read_timeout: float | None = None
        self.knows_timeout = False

    def __repr__(self) -> str:
        fault = f" fault={self.fault!r}" if self.fault else ""
        return f"<MockedCall {self.call.number} {self.provider} {self.model!r}{fault}>"

    @property
    def operation(self) -> Operation | None:
        """What was asked for."""
        return self.call.operation

    @property
    def prompt(self) -> Prompt:
        """What the request says to the model."""
        return self.call.prompt

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation that was sent."""
        return self.call.messages

    @property
    def tools(self) -> tuple[ToolOffer, ...]:
        """The tools that were offered."""
        return self.call.tools

    @property
    def user_text(self) -> str:
        """What the user said last."""
        return self.call.user_text

    @property
    def system_text(self) -> str:
        """All system messages, joined."""
        return self.call.system_text

    @property
    def tool_results(self) -> tuple[ToolResult, ...]:
        """The results that came after the model spoke last."""
        return self.call.tool_results

    @property
    def turn(self) -> int:
        """Which answer of the conversation it is, from 1."""
        return self.call.turn

    @property
    def text(self) -> str:
        """The text that was answered; of a truncated answer all that was to come."""
        return "".join(line.text for line in self._lines if isinstance(line, TextLine))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls that were answered."""
        tools = (line for line in self._lines if isinstance(line, ToolLine))
        return tuple(ToolCall(line.name, line.text, line.id) for line in tools)

    @property
    def usage(self) -> Usage | None:
        """The usage that was answered, None for an error."""
        answer = self.decision.answer
        return answer.usage if isinstance(answer, Reply) else None

    @property
    def error(self) -> Failure | None:
        """The error that was answered."""
        answer = self.decision.answer
        return answer if isinstance(answer, Failure) else None

    @property
    def fault(self) -> str | None:
        """The names of the faults that befell it, joined by `+`."""
        return self.decision.fault

    @property
    def is_spoilt(self) -> bool:
        """Whether a fault left the client without a whole answer."""
        return self.decision.is_spoilt

    @property
    def _lines(self) -> tuple[Line, ...]:
        answer = self.decision.answer
        return answer.lines if isinstance(answer, Reply) else ()
