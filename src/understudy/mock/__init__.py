"""MockLLM: answers every call to a model by rules and scenarios, with timing and faults."""

from __future__ import annotations

from ._active import active_mock, in_force
from ._decision import Decision
from ._direct import DirectPlay
from ._errors import MockError, UnmatchedCall
from ._get_llm import get_llm
from ._incoming import IncomingCall
from ._library import MockLibrary
from ._mock_llm import MockLLM
from ._mock_reply import MockReply
from ._mocked_call import MockedCall
from ._rule_maker import RuleMaker
from .faults import Fault, Faults
from .resilience import ClientMisbehaviour

__all__ = [
    "ClientMisbehaviour",
    "Decision",
    "DirectPlay",
    "Fault",
    "Faults",
    "IncomingCall",
    "MockError",
    "MockLLM",
    "MockLibrary",
    "MockReply",
    "MockedCall",
    "RuleMaker",
    "UnmatchedCall",
    "active_mock",
    "get_llm",
    "in_force",
]
