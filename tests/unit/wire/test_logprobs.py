"""Likelihoods that are invented."""

from __future__ import annotations

from math import exp

from hypothesis import given
from hypothesis import strategies as st

from understudy.wire.writing import likely, openai_logprobs

texts = st.lists(st.text(max_size=20), max_size=4)


@given(texts, st.integers(0, 30))
def test_the_tokens_of_a_text_are_likely_and_their_rivals_less_so(
    chunks: list[str], best: int
) -> None:
    """Nothing of the text is lost; what is likely at one place is less than certain in all."""
    tokens = likely(chunks, best)

    assert "".join(one.token for one in tokens) == "".join(chunks)
    for one in tokens:
        chances = [exp(logprob) for _, logprob in one.best]
        assert len(one.best) == len({token for token, _ in one.best}) == min(max(best, 1), 20)
        assert chances == sorted(chances, reverse=True)
        assert 0.49 < chances[0] < 1
        assert sum(chances) < 1


@given(texts, st.one_of(st.none(), st.booleans(), st.text(), st.integers(-3, 25)))
def test_openai_is_told_as_many_of_the_best_as_it_asks_for(chunks: list[str], best: object) -> None:
    """The token itself first; none without a number, and 20 at most."""
    wanted = min(max(best, 0), 20) if type(best) is int else 0

    for told in openai_logprobs(chunks, best):
        assert len(told["top_logprobs"]) == wanted
        assert bytes(told["bytes"]) == told["token"].encode("utf-8", "replace")
        assert [one["token"] for one in told["top_logprobs"][:1]] == [told["token"]][:wanted]
