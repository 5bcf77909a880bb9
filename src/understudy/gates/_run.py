"""What a gate is told of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..events import CallEvent, TokenEstimate
    from ..events.lifecycle import AnyLifecycleEvent
    from .policy import Rule

#: What a phase is called that is no test: a fixture of wider scope.
FIXTURE: Final = "fixture:"
#: The module of fixtures, which belong to none.
FIXTURES: Final = "fixtures"

_PASSED: Final = frozenset({"passed", "xpassed"})
_FAILED: Final = frozenset({"failed", "error", "rerun"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RanTest:
    """A test of this run as pytest reported it last, `rerun` counting from 0.

    `outcome` is None where its process died. `rules` are those of its `llm_gate` marker;
    `line` is where it stands, from 1; `remark` is why it was skipped.
    """

    node_id: str
    outcome: str | None = "passed"
    rerun: int | None = None
    markers: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    path: str | None = None
    line: int | None = None
    remark: str = ""

    @property
    def module(self) -> str:
        """The file that it stands in."""
        return module_of(self.node_id)

    @property
    def has_passed(self) -> bool:
        """Whether its figures count."""
        return self.outcome in _PASSED

    @property
    def has_failed(self) -> bool:
        """Whether the run is red because of it anyway."""
        return self.outcome is None or self.outcome in _FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What pytest knows of a run besides its calls.

    `complete` are the modules of which every test was collected, selected and run, `gone`
    the files of the baseline that no longer exist. `profile` is the one that this very run
    asks for, on its command line or in its environment; None where code and configuration
    decide.
    """

    tests: Mapping[str, RanTest] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    profile: str | None = None
    replay_speed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One finished run: its priced calls, settled estimates, lifecycle events, and its facts.

    `lifecycle` is None where nobody took any.
    """

    calls: Sequence[CallEvent]
    estimates: Sequence[TokenEstimate] = ()
    lifecycle: Sequence[AnyLifecycleEvent] | None = ()
    run_facts: RunFacts = field(default_factory=RunFacts)


class EndedPhase(Protocol):
    """What a store knows of how a test ended."""

    @property
    def phase_id(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def rerun(self) -> int: ...


def ran_tests(phases: Iterable[EndedPhase]) -> dict[str, RanTest]:
    """Return the tests among the phases of a run, each as its last rerun ended."""
    tests: dict[str, RanTest] = {}
    for phase in phases:
        name, known = phase.phase_id, tests.get(phase.phase_id)
        if "::" in name and (known is None or phase.rerun >= (known.rerun or 0)):
            tests[name] = RanTest(node_id=name, outcome=phase.outcome, rerun=phase.rerun)
    return tests


def module_of(subject: str) -> str:
    """Return the module that the figures of a test, or of a fixture, are kept with."""
    return FIXTURES if subject.startswith(FIXTURE) else subject.partition("::")[0]
