"""A new estimator over the stored calls, against the one that predicted them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ..errors import EstimateError
from ..events import TokenEstimate, token_count
from ..stats import sign_flip_p, smape_percent
from ._accuracy import Accuracy, Pair, accuracy_of
from ._strata import Stratum, rank, stratum_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


Estimator: TypeAlias = "Callable[[Task], int]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an estimator is given: all that was known before the call.

    `deliverables` are those that were stored; `deliverable_count` counts all of them.
    """

    category: str | None
    complexity: str | None
    deliverables: tuple[str, ...]
    deliverable_count: int
    prompt_tokens: int | None
    model: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two estimators on the same calls.

    `difference` is new - old in points of SMAPE, below 0 where the new one is better; `p` is
    of the sign-flip test on the calls' differences, two-sided: how probable a mean so far from
    0 would be if neither were better.
    """

    old: Accuracy
    new: Accuracy
    difference: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Replay:
    """A new estimator against the old one, overall and for each stratum.

    `skipped` counts the predictions without an outcome, which nothing can be said of.
    """

    overall: Comparison
    strata: Mapping[Stratum, Comparison]
    skipped: int


def replay(
    estimates: Iterable[TokenEstimate],
    estimator: Estimator,
    *,
    advance: Callable[[], object] = lambda: None,
) -> Replay:
    """Let `estimator` predict each call whose outcome is stored; `advance` after each.

    Raises:
        EstimateError: it raised, or returned no number of tokens; the message names the row.
    """
    rows = list(estimates)
    groups: dict[Stratum, list[tuple[Pair, Pair]]] = defaultdict(list)
    for row in rows:
        if row.actual_output_tokens is not None:
            old = Pair(row.predicted_output_tokens, row.actual_output_tokens)
            new = Pair(_predicted(row, estimator), row.actual_output_tokens)
            groups[stratum_of(row)].append((old, new))
        advance()
    everything = [pairs for group in groups.values() for pairs in group]
    return Replay(
        overall=_compared(everything),
        strata={stratum: _compared(groups[stratum]) for stratum in sorted(groups, key=rank)},
        skipped=len(rows) - len(everything),
    )


def _predicted(row: TokenEstimate, estimator: Estimator) -> int:
    task = Task(
        category=row.category,
        complexity=row.complexity,
        deliverables=tuple(row.deliverables or ()),
        deliverable_count=row.deliverable_count or 0,
        prompt_tokens=row.prompt_tokens,
        model=row.model,
    )
    try:
        return token_count(estimator(task))
    except Exception as error:
        where = f"estimate {row.estimate_id} of {row.phase_id} in run {row.run_id}"
        msg = f"the estimator failed on {where}: {type(error).__name__}: {error}"
        raise EstimateError(msg) from error


def _compared(pairs: Sequence[tuple[Pair, Pair]]) -> Comparison:
    differences = [smape_percent(*new) - smape_percent(*old) for old, new in pairs]
    return Comparison(
        old=accuracy_of(old for old, _ in pairs),
        new=accuracy_of(new for _, new in pairs),
        difference=sum(differences) / len(differences) if differences else None,
        p=_two_sided_p(differences) if differences else None,
    )


def _two_sided_p(differences: Sequence[float]) -> float:
    tails = (sign_flip_p(differences), sign_flip_p([-each for each in differences]))
    return min(1.0, 2 * min(tails))
