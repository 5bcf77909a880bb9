"""One answerer after the other."""

from __future__ import annotations

from typing import Any

from understudy.calls import Request
from understudy.pytest_plugin._answering import Answering

REQUEST = Request("POST", "https://llm.test", {}, b"")


class Answerer:
    """Gives what it was given."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.asked = 0

    def answer(self, request: Request, observation: Any) -> Any:
        """Answer."""
        self.asked += 1
        return self._answer


def test_nobody_answers_at_first() -> None:
    """The request goes out."""
    assert Answering().answer(REQUEST, None) is None


def test_the_first_answer_counts() -> None:
    """Nobody is asked behind it."""
    answering, answer = Answering(), object()
    first, second, third = Answerer(None), Answerer(answer), Answerer(object())
    answering.members += [first, second, third]

    assert answering.answer(REQUEST, None) is answer
    assert (first.asked, second.asked, third.asked) == (1, 1, 0)
