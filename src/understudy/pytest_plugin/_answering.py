"""What answers in the network's place: one answerer after the other is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import Request
    from ..intercept import Answer, Answerer, Observation, PassThrough


class Answering:
    """The answerer of a process. Satisfies `understudy.intercept.Answerer`.

    The first of the `members` that has an answer gives it; without members a request goes out.
    """

    def __init__(self) -> None:
        self.members: list[Answerer] = []

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Answer | PassThrough | None:
        """Return the first answer there is; None lets the request go out."""
        for member in self.members:
            answer = member.answer(request, observation)
            if answer is not None:
                return answer
        return None
