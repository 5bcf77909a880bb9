"""Says why no rule answers a call, and what to add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._call import cut

if TYPE_CHECKING:
    from ._call import IncomingCall
    from ._rules import NoAnswer, Rule

_WORDS: Final = 4


def explain(call: IncomingCall, no_answer: NoAnswer) -> str:
    """Return a message that names the call, the nearest rule, and what would answer it.

    The call stands first, since pytest's short summary cuts the first line.
    """
    target = call.recognised.target
    results = (f"  {each.name or 'a tool'} gave {cut(each.text)}" for each in call.tool_results)
    return "\n".join(
        [
            f"{target.method} {target.netloc}{target.path} found no answer in mock_llm:",
            f"  provider {call.provider!r}, model {call.model!r}, turn {call.turn}",
            f"  the user says {cut(call.user_text)}",
            *results,
            *_nearest(call, no_answer),
            f"Add {_remedy(call)}.",
        ]
    )


def _nearest(call: IncomingCall, no_answer: NoAnswer) -> list[str]:
    unsaid = [f"mock_llm.on({one}) was left without .reply(…)." for one in no_answer.unsaid]
    if not no_answer.asked:
        return [f"It has no rules: {one}" for one in unsaid] or ["It has no rules."]
    explained = [(rule, _obstacles(rule, call, no_answer)) for rule in no_answer.asked]
    rule, obstacles = min(explained, key=lambda pair: len(pair[1]))
    nearest = f"Nearest of {len(explained)} rules" if len(explained) > 1 else "Its only rule"
    return [f"{nearest}: {rule.written}", *(f"  {each}" for each in obstacles), *unsaid]


def _obstacles(rule: Rule, call: IncomingCall, no_answer: NoAnswer) -> list[str]:
    if rule in no_answer.declined:
        return [no_answer.declined[rule]]
    if rule.source.gives_vectors:
        return ["it gives vectors, but none are asked for"]
    return list(rule.condition.differences(call))


def _remedy(call: IncomingCall) -> str:
    every = 'mock_llm.reply("…") to answer every call'
    if call.tool_results:
        tool = call.tool_results[-1].name or True
        return f'mock_llm.on(tool_result={tool!r}).reply("…"), or {every}'
    words = call.user_text.partition("\n")[0].split(" ")[:_WORDS]
    if not any(words):
        return every
    return f'mock_llm.on(contains={" ".join(words)!r}).reply("…"), or {every}'
