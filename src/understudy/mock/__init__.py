"""MockLLM: answers every call to a model by rules and scenarios, with timing and faults."""

from ._call import IncomingCall, MockError, UnmatchedCall
from ._decision import Decision
from ._direct import DirectPlay
from ._get_llm import active_mock, get_llm, in_force
from ._library import MockLibrary
from ._mock_llm import MockLLM
from ._mock_reply import MockReply
from ._mocked_call import MockedCall
from ._resilience import ClientMisbehaviour
from ._rule_maker import RuleMaker
from .faults import Fault, Faults

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
