"""Which provider is asked, and what a router cannot be made without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from .._check import check
from .._lacks import Lacks

if TYPE_CHECKING:
    from .._rig import Rig

_CASES: Final = {
    "anthropic_prefix": ("anthropic/claude-sonnet-4-5", "anthropic"),
    "claude_name": ("claude-sonnet-4-5", "anthropic"),
    "openai_prefix": ("openai/gpt-4o", "openai"),
    "gpt_name": ("gpt-4o-mini", "openai"),
    "unknown_to_openrouter": ("mistral-large", "openrouter"),
    "agent_default": (None, "anthropic"),
}
_AGENTS: Final = {"writer": "claude-opus-4-5"}
#: What a router trips over that does not look.
_ACCIDENTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    StopIteration,
    TypeError,
)


class SelectionChecks:
    """Selection by the name of the model, and what a router refuses to begin without."""

    @pytest.mark.parametrize(("model", "provider"), _CASES.values(), ids=_CASES)
    @check("selection", level=1, live=True)
    async def test_a_model_goes_to_its_provider(
        self, rig: Rig, model: str | None, provider: str
    ) -> None:
        """`anthropic/…`, `claude*`, `openai/…` and `gpt*` go to their makers, others to OpenRouter.

        A request without a model gets its agent's. Usual cause of a failure: prefixes are compared
        in the wrong order, or a bare name falls through to the default.
        """
        rig.build(**({"agents": _AGENTS} if model is None else {}))

        answer = await rig.ask(model=model, agent="" if model else "writer")

        went = rig.answered_by(answer)
        assert went == provider, f"{model or 'the default of the agent'!r} went to {went}"

    @check("selection", level=1, live=True)
    async def test_a_named_model_goes_before_the_default_of_the_agent(self, rig: Rig) -> None:
        """Who names a model gets it, whatever the agent's default is.

        Usual cause of a failure: the default is looked up first.
        """
        rig.build(agents=_AGENTS)

        answer = await rig.ask(model="gpt-4o", agent="writer")

        went = rig.answered_by(answer)
        assert went == "openai", f"gpt-4o went to {went}, which serves the default of the agent"

    @check("validation", level=1, live=True)
    async def test_without_providers_it_cannot_be_made(self, rig: Rig) -> None:
        """A router that has nobody to ask says so when it is made.

        Usual cause of a failure: the empty list is accepted, and the first request fails.
        """
        error = await _refused(rig, "providers", rig.build_without_providers)

        _check_is_clear(error, "providers")

    @check("validation", level=1, live=True)
    async def test_without_a_registry_it_cannot_be_made(self, rig: Rig) -> None:
        """A router that has no table from models to providers says so when it is made.

        Usual cause of a failure: the table is optional, and nothing is found in it later.
        """
        error = await _refused(rig, "a registry", lambda: rig.build(registry={}))

        _check_is_clear(error, "a registry")


async def _refused(rig: Rig, what: str, build: Any) -> Exception:
    """Return what making a router without something raises.

    An adapter that is made and then lacks everything lacks this, too.
    """
    try:
        build()
    except Lacks:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the router raises
        return error
    found = await rig.attempt()
    later = f"failed with {type(found).__name__}: {found}" if found else "was answered"
    msg = f"the router was made without {what}; a request then {later}"
    raise AssertionError(msg)


def _check_is_clear(error: Exception, what: str) -> None:
    said = f"{type(error).__name__}: {error}"
    is_clear = not isinstance(error, _ACCIDENTS) and len(str(error).split()) > 1
    assert is_clear, f"without {what} the router is made with no clear error, but with {said}"
