"""The methods that say what answers the calls of a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import SettingsError
from ._call import cut
from ._mock_reply import MockReply
from ._rules import NamedFault, Rule
from .answers import Auto, EveryScript, InOrder, Script, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self, Unpack

    from ..scenarios.conditions import Condition
    from ._engine import Engine
    from ._mock_reply import ReplyOptions
    from .answers import Answerable, ReplySource


class RuleMaker:
    """Says what answers the calls that a condition takes; each method returns the object.

    A rule answers every call that it matches, or `times` of them; then comes the next. Rules
    with a condition are asked first, then those that run out, then the last `reply` without
    either.
    """

    def __init__(self, condition: Condition, engine: Engine) -> None:
        self._condition = condition
        self._is_said = not condition.text
        self.engine = engine
        if condition.text:
            engine.rules.begin(condition.text)

    def reply(
        self,
        answer: Answerable = None,
        /,
        *,
        times: int | None = None,
        **options: Unpack[ReplyOptions],
    ) -> Self:
        """Answer with a text, a pydantic model, data, a `MockReply`, or a function of the call.

        Without anything, the answer is made of the request: JSON where it has a schema, the
        arguments of a tool that must be called, a plain sentence otherwise. The options are
        those of `MockReply`.

        Raises:
            SettingsError: something has no form that is known.
            UnknownNameError: there is no such delay profile.
        """
        source = self._source(answer, options)
        arguments = [
            *([] if answer is None else [_written(answer)]),
            *(f"{name}=…" for name in options),
        ]
        return self._add(source, "reply", arguments, times)

    def replies(self, answers: Sequence[Answerable], /) -> Self:
        """Answer with one after the other; after the last one comes the next rule.

        Raises:
            SettingsError: one has no form that is known, or there are none.
        """
        if isinstance(answers, str) or not answers:
            msg = f"replies({answers!r}): give a list of replies."
            raise SettingsError(msg)
        source = InOrder([self._source(answer, {}) for answer in answers])
        return self._add(source, "replies", [f"{len(answers)} of them"], None)

    def script(self, scenario: str, /, *, anew: bool = False) -> Self:
        """Answer with the turns of a scenario, in one conversation.

        With `anew` each conversation begins at its start: how far one is, its messages tell.

        Raises:
            UnknownNameError: there is no scenario of that name.
            ScenarioError: its file cannot be used.
        """
        found = self.engine.materials.scenario(scenario)
        source = EveryScript(found) if anew else Script(found)
        return self._add(source, "script", [repr(scenario), *(["anew=True"] * anew)], None)

    def auto_tools(self, *names: str) -> Self:
        """Call the tools of the request with arguments that fit their schemas, then end.

        Each of `names` is called once, in order; without names, the one whose name fits best
        what the user said.
        """
        return self._add(Auto(*names), "auto_tools", [repr(name) for name in names], None)

    def fail(self, fault: str, /, *, times: int | None = None, **options: Any) -> Self:
        """Let a fault befall every call, or `times` of them; `options` are the fault's own.

        Of faults that leave no whole answer each attempt meets one, the first that is left.

        Raises:
            UnknownNameError: there is no such fault, or it has no such option.
            SettingsError: an option is wrong.
        """
        self._say()
        made = self.engine.materials.faults.make(fault, options)
        self.engine.plan.add(NamedFault(fault, made), self._condition, _checked_times(times))
        return self

    def _say(self) -> None:
        if not self._is_said:
            self._is_said = True
            self.engine.rules.end(self._condition.text)

    def _source(self, answer: Answerable, options: ReplyOptions) -> ReplySource:
        source = source_of(answer, options)
        profile = answer.profile if isinstance(answer, MockReply) else options.get("profile")
        if profile is not None:
            self.engine.materials.profiles.get(profile)
        return source

    def _add(
        self, source: ReplySource, method: str, arguments: list[str], times: int | None
    ) -> Self:
        self._say()
        if _checked_times(times) is not None:
            arguments = [*arguments, f"times={times}"]
        text = self._condition.text
        on = f".on({text})" if text else ""
        written = f"mock_llm{on}.{method}({', '.join(arguments)})"
        self.engine.rules.add(Rule(self._condition, source, times=times, written=written))
        return self


def _checked_times(times: int | None) -> int | None:
    if times is not None and (type(times) is not int or times < 1):
        msg = f"times is {times!r}; give a whole number from 1 on, or leave it out for always."
        raise SettingsError(msg)
    return times


def _written(answer: Any) -> str:
    if isinstance(answer, str):
        return cut(answer)
    name = getattr(answer, "__qualname__", None)
    return str(name) if name else f"{type(answer).__name__}(…)"
