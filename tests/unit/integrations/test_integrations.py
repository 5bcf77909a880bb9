"""What libraries tell, without the libraries."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.telemetry.samples import Bench

from understudy.errors import IntegrationError
from understudy.integrations import langchain, litellm, openai_agents, stamina, tenacity
from understudy.telemetry import activated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIBRARIES = ["stamina", "tenacity", "langchain_core", "agents", "litellm", "instructor"]


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Telemetry of a run in which one test runs, active in this process."""
    bench = Bench()
    with activated(bench.telemetry):
        yield bench


class Hooks(ModuleType):
    """As `stamina.instrumentation` keeps hooks, beside one of the application's."""

    def __init__(self) -> None:
        super().__init__("stamina.instrumentation")
        self.hooks: tuple[Any, ...] = (print,)

    def get_on_retry_hooks(self) -> tuple[Any, ...]:
        """Return the hooks."""
        return self.hooks

    def set_on_retry_hooks(self, hooks: tuple[Any, ...]) -> None:
        """Replace them."""
        self.hooks = hooks


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Hooks:
    """Stand in for stamina."""
    hooks = Hooks()
    monkeypatch.setitem(sys.modules, "stamina", ModuleType("stamina"))
    monkeypatch.setitem(sys.modules, "stamina.instrumentation", hooks)
    return hooks


def state(error: Exception | None) -> SimpleNamespace:
    """Return what tenacity tells of a first attempt; it tells more, which nobody reads."""
    outcome = SimpleNamespace(failed=error is not None, exception=lambda: error)
    return SimpleNamespace(attempt_number=1, outcome=outcome)


def sent(bench: Bench) -> list[tuple[Any, ...]]:
    """Return what was sent, in the words that matter here."""
    names = ("cause", "error_category", "provider")
    return [tuple(each.line[name] for name in names) for each in bench.test.lifecycle]


def test_no_library_is_imported_before_it_is_wanted() -> None:
    """The integrations may stand in any conftest."""
    code = (
        "from understudy.integrations import "
        "instructor, langchain, litellm, openai_agents, stamina, tenacity; import sys; "
        f"sys.exit(any(name in sys.modules for name in {LIBRARIES}))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("install", "module", "says"),
    [
        (stamina.install, "stamina", "pip install stamina"),
        (langchain.install, "langchain_core", "pip install langchain-core"),
        # a module of the application's may have that name
        (openai_agents.install, "agents", "pip install openai-agents"),
        (litellm.install, "litellm", "`import litellm`"),
    ],
)
def test_a_library_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, install: Callable[[], object], module: str, says: str
) -> None:
    """With what to do; those who expect an ImportError get one."""
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    if module != "litellm":
        monkeypatch.setitem(sys.modules, module, None)
    langchain._handler.cache_clear()

    with pytest.raises(IntegrationError, match=says) as caught:
        install()

    assert isinstance(caught.value, ImportError)


@pytest.mark.usefixtures("bench")
def test_what_is_installed_twice_is_there_once_until_both_let_go(hooks: Hooks) -> None:
    """The hooks of others stay, also one that was set in between."""
    first, second = stamina.install(), stamina.install()
    hooks.hooks = (*hooks.hooks, repr)
    assert len(hooks.hooks) == 3

    first()
    first()
    assert len(hooks.hooks) == 3
    second()
    assert list(hooks.hooks) == [print, repr]

    stamina.install()
    assert len(hooks.hooks) == 3


def test_a_hook_that_others_took_away_is_set_anew(hooks: Hooks) -> None:
    """By the next who wants it."""
    undo = stamina.install()
    hooks.hooks = (repr,)
    stamina.install()
    assert len(hooks.hooks) == 2

    undo()
    assert len(hooks.hooks) == 2


def test_a_failed_call_is_repaired_in_transport_and_an_answer_in_content(bench: Bench) -> None:
    """The wire knows which of them it was, and who was asked."""
    bench.call(status=500)
    tenacity.repair_attempts(state(KeyError()))
    bench.call()
    tenacity.repair_attempts(state(KeyError()))

    assert sent(bench) == [("transport", "KeyError", "openai"), ("content", "KeyError", "openai")]


def test_without_a_call_the_exception_tells_the_cause(bench: Bench) -> None:
    """What pydantic and json raise is about an answer."""
    tenacity.repair_attempts(state(ValueError()))
    tenacity.repair_attempts(state(TimeoutError()))

    assert sent(bench) == [("content", "ValueError", None), ("transport", "TimeoutError", None)]


def test_one_repair_stands_between_two_calls(bench: Bench) -> None:
    """Whoever of several retriers tells it first."""
    bench.call(status=500)
    tenacity.repair_attempts(state(KeyError()))
    tenacity.repair_attempts(state(OSError()))

    assert sent(bench) == [("transport", "KeyError", "openai")]


def test_nothing_is_read_where_nothing_takes_events() -> None:
    """`object()` would have nothing to read."""
    tenacity.repair_attempts(object())


def test_what_a_library_tells_otherwise_is_a_fault_and_reaches_nobody(bench: Bench) -> None:
    """Said once at the end of the run."""
    tenacity.repair_attempts(object())

    (line,) = bench.faults.lines()
    assert "while hearing what tenacity does" in line
