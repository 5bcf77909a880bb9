"""What is told of a change of the baseline."""

from __future__ import annotations

from understudy.gates import METRICS
from understudy.gates.baseline import Change, change_lines


def test_a_sum_of_several_models_is_one_figure() -> None:
    """As it is one where it is judged; the baseline's file has a record for each model."""
    added = [
        Change(subject="t", metric="input_tokens", of=model, before=None, after=1)
        for model in ("openai/a", "openai/b")
    ]
    gone = Change(subject="u", metric="calls", of="-", before=1, after=None)

    assert list(change_lines([*added, gone], METRICS)) == [
        "t  1 new figure",
        "u  1 figure removed",
    ]
