"""What was predicted of a call's output before it was made, and what became of it."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..errors import EstimateError, UnknownNameError
from ._base import LARGEST, Count

if TYPE_CHECKING:
    from collections.abc import Mapping

Complexity = Literal["low", "medium", "high", "maintenance"]

COMPLEXITIES: Final[tuple[str, ...]] = get_args(Complexity)
#: How many deliverables are stored, and how many characters of each.
DELIVERABLES_KEPT: Final = 20
DELIVERABLE_LENGTH: Final = 200


def token_count(value: object) -> int:
    """Return a number of tokens.

    Raises:
        ValueError: `value` is no integer, negative, or more than a store holds.
    """
    try:
        count = None if isinstance(value, bool) else index(value)  # type: ignore[arg-type]
    except TypeError:
        count = None
    if count is None or count < 0:
        msg = f"a number of tokens is an integer from 0 on, not {value!r}"
        raise ValueError(msg)
    if count > LARGEST:
        msg = "a number of tokens is an integer up to 2**63 - 1"
        raise ValueError(msg)
    return count


TokenCount = Annotated[int, BeforeValidator(token_count)]
Word = Annotated[str, Field(min_length=1)]


class Estimate(BaseModel):
    """A prediction made before a call; only `output_tokens` is required.

    `budget` is the limit of output tokens that was selected for the call. What is None is
    unknown; no deliverables are `()`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    output_tokens: TokenCount
    budget: TokenCount | None = None
    category: Word | None = None
    complexity: Complexity | None = None
    deliverables: tuple[str, ...] | None = None
    prompt_tokens: TokenCount | None = None
    model: Word | None = None

    def columns(self) -> dict[str, Any]:
        """Return the fields of the `TokenEstimate` that holds this prediction."""
        given = self.deliverables
        kept = None if given is None else given[:DELIVERABLES_KEPT]
        return {
            "predicted_output_tokens": self.output_tokens,
            "selected_budget": self.budget,
            "category": self.category,
            "complexity": self.complexity,
            "deliverables": None if kept is None else [each[:DELIVERABLE_LENGTH] for each in kept],
            "deliverable_count": None if given is None else len(given),
            "prompt_tokens": self.prompt_tokens,
            "model": self.model,
        }


class TokenEstimate(BaseModel):
    """A row of `token_estimates`: one prediction, and what its call came to.

    `ts` is when it was predicted. `call_id` is None where no call was made. The actual
    figures are those of the last successful attempt; they are None where there is none,
    `actual_output_tokens` also where its answer held no usage. `deliverable_count` counts
    those too that are not stored. `model` is the one that answered, else the predicted one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    estimate_id: str = Field(min_length=1)
    ts: AwareDatetime
    run_id: str | None = None
    phase_id: str | None = None
    worker: str = "main"
    rerun: Count = 0
    call_id: str | None = None
    model: str | None = None
    predicted_output_tokens: Count
    selected_budget: Count | None = None
    category: str | None = None
    complexity: Complexity | None = None
    deliverables: (
        Annotated[
            list[Annotated[str, Field(max_length=DELIVERABLE_LENGTH)]],
            Field(max_length=DELIVERABLES_KEPT),
        ]
        | None
    ) = None
    deliverable_count: Count | None = None
    prompt_tokens: Count | None = None
    actual_output_tokens: Count | None = None
    success: bool | None = None
    truncated: bool | None = None
    stop_reason: str | None = None
    smape_percent: Annotated[float, Field(ge=0, le=200)] | None = None
    waste_ratio: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    underestimated: bool | None = None


def parse_estimate(value: object, *, where: str) -> Estimate:
    """Read a prediction: an `Estimate`, a mapping of its fields, or output tokens alone.

    Raises:
        EstimateError: it is no prediction; the message says `where`.
    """
    if isinstance(value, Estimate):
        return value
    fields = value if isinstance(value, dict) else {"output_tokens": value}
    try:
        return Estimate.model_validate(fields)
    except ValidationError as error:
        raise EstimateError(_explanation(error, fields, where)) from None


def _explanation(error: ValidationError, fields: Mapping[str, Any], where: str) -> str:
    """Say in our words what is wrong first."""
    errors = error.errors(include_url=False)
    # A name that is spelled wrongly also leaves the right one missing.
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return str(UnknownNameError("field", name, Estimate.model_fields, where=where))
    if first["type"] == "literal_error":
        return str(UnknownNameError(name, str(fields[name]), COMPLEXITIES, where=where))
    if first["type"] == "missing":
        return f"{where}: {name} is missing; it is all that is required."
    return f"{where}: {name}={fields[name]!r}: {first['msg'].removeprefix('Value error, ')}."
