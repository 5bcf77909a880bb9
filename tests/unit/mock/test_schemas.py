"""Data made from schemas satisfies them: pydantic is the judge."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import AnyUrl, BaseModel, ConfigDict, Field, TypeAdapter, create_model

from understudy.mock.schemas import sample


class Colour(Enum):
    """An enumeration."""

    RED = "red"
    BLUE = "blue"


class Tree(BaseModel):
    """A model that contains itself."""

    name: str
    children: list[Tree] = []
    parent: Tree | None = None


class Node(BaseModel):
    """One that cannot do without itself for a while."""

    next: Node | None
    value: int


class Cat(BaseModel):
    """One part of a union."""

    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    """Another part of a union."""

    kind: Literal["dog"]
    name: str


TYPES: list[Any] = [
    str,
    int,
    float,
    bool,
    None,
    Colour,
    date,
    datetime,
    UUID,
    AnyUrl,
    IPv4Address,
    Decimal,
    Literal["a", 2],
    str | None,
    int | str,
    list[int],
    list[Tree],
    set[int],
    dict[str, int],
    tuple[int, str],
    Tree,
    Node,
    Cat | Dog,
    Annotated[Cat | Dog, Field(discriminator="kind")],
    Annotated[str, Field(min_length=12)],
    Annotated[str, Field(max_length=2)],
    Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3,5}$")],
    Annotated[list[str], Field(min_length=3)],
    Annotated[set[Literal["a", "b", "c"]], Field(min_length=3)],
    Annotated[set[str], Field(min_length=3)],
    Annotated[set[int], Field(min_length=3)],
    Annotated[list[int], Field(max_length=0)],
    Annotated[dict[str, str], Field(min_length=2)],
    Annotated[int, Field(gt=1, lt=3)],
    Annotated[int, Field(le=-5)],
    Annotated[float, Field(gt=0, lt=0.5)],
    Annotated[float, Field(ge=2.5)],
    Annotated[int, Field(multiple_of=7, ge=10)],
    Annotated[str, Field(examples=["an example"])],
]
ONE = {"properties": {"a": {"const": 1}}, "required": ["a"]}


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_pydantic_accepts_what_is_made_of_its_schema(kind: Any) -> None:
    """By itself and as the field of a model."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    model = create_model("Model", __config__=ConfigDict(extra="forbid"), field=(kind, ...))

    alone, inside = sample(adapter.json_schema()), sample(model.model_json_schema())

    adapter.validate_json(json.dumps(alone))
    model.model_validate_json(json.dumps(inside))


@given(
    low=st.none() | st.integers(-50, 50),
    high=st.none() | st.integers(-50, 50),
    above=st.none() | st.integers(-50, 50),
    below=st.none() | st.integers(-50, 50),
    step=st.none() | st.integers(1, 9),
    whole=st.booleans(),
)
def test_a_number_lies_within_its_bounds(
    low: int | None,
    high: int | None,
    above: int | None,
    below: int | None,
    step: int | None,
    whole: bool,  # noqa: FBT001
) -> None:
    """Wherever one exists at all."""
    told = {
        "minimum": low,
        "maximum": high,
        "exclusiveMinimum": above,
        "exclusiveMaximum": below,
        "multipleOf": step,
    }
    schema = {name: value for name, value in told.items() if value is not None}

    def fits(number: float) -> bool:
        return (
            (low is None or number >= low)
            and (high is None or number <= high)
            and (above is None or number > above)
            and (below is None or number < below)
            and (step is None or number % step == 0)
        )

    steps = range(-60, 61) if whole or step else [half / 2 for half in range(-120, 121)]
    assume(any(map(fits, steps)))

    assert fits(sample({"type": "integer" if whole else "number", **schema}))


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{4}-\d{2}$",
        r"^(foo|bar)+$",
        r"[^a]b?",
        r"^[^\w]$",
        r"^\S+@\S+\.\S+$",
        r"^(?:a|b){2,3}c*$",
        r"^[a-f0-9]{8}$",
        r"^.{3,}$",
        r"\W\s\D",
        r"^[^a-z0-9-]+$",
        r"^[^\s]+$",
        r"(?=x)x",
        r"^(a)\1$",
        r"^(?>ab)c++$",
        r"[^!-~]",
        r"^[\d\s]$",
    ],
)
def test_a_pattern_is_found_in_its_text(pattern: str) -> None:
    """Python's own engine is the judge."""
    assert re.search(pattern, sample({"type": "string", "pattern": pattern}))


def test_a_pattern_has_a_length_too() -> None:
    """Where repeating is enough."""
    text = sample({"type": "string", "pattern": "^[a-z]+$", "minLength": 20})

    assert len(text) >= 20


@pytest.mark.parametrize("pattern", ["(", r"\p{L}+", "^(?!)$"])
def test_a_hopeless_pattern_gives_any_text(pattern: str) -> None:
    """Other dialects, and what nothing matches."""
    assert sample({"type": "string", "pattern": pattern}) == "text"


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        ({}, "text"),
        ({"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}}, {"n": 1}),
        ({"type": "STRING", "nullable": True, "enum": ["b", "a"]}, "b"),
        ({"type": ["null", "boolean"]}, True),
        ({"type": ["null"]}, None),
        ({"const": None}, None),
        ({"default": 5, "type": "integer"}, 5),
        ({"properties": {"a": {}}}, {"a": "a"}),
        ({"items": {"minimum": 3}}, [3]),
        ({"required": ["x"], "additionalProperties": {"type": "integer"}}, {"x": 1}),
        ({"type": "object", "required": True}, {}),
        ({"type": "List[str]", "items": {"type": "str"}}, ["text"]),
        ({"allOf": [ONE, {"properties": {"b": {"const": 2}}}]}, {"a": 1, "b": 2}),
        ({"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"const": 3}}}, 3),
        ({"$ref": "#/$defs/missing"}, "text"),
        ({"$ref": "elsewhere.json"}, "text"),
        ({"anyOf": []}, "text"),
        ({"oneOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"minimum": 5, "exclusiveMinimum": True, "type": "integer"}, 6),
        ({"maximum": 0, "exclusiveMaximum": True, "type": "integer"}, -1),
        ({"minimum": 5, "exclusiveMinimum": False, "type": "integer"}, 5),
        ({"minimum": 3, "maximum": 2, "type": "integer"}, 1),
    ],
)  # fmt: skip
def test_a_schema_gives_the_plainest_value(schema: Any, made: Any) -> None:
    """Small, and the same every time; hopeless ones give something all the same."""
    assert sample(schema) == made


def test_a_schema_that_cannot_end_ends() -> None:
    """Required properties of its own kind, for ever."""
    endless = {"$ref": "#/$defs/e", "$defs": {"e": {"properties": {"e": {"$ref": "#/$defs/e"}}, "required": ["e"]}}}  # fmt: skip  # noqa: E501
    lists = {"$ref": "#/$defs/e", "$defs": {"e": {"items": {"$ref": "#/$defs/e"}, "minItems": 1}}}
    circle = {"$ref": "#/$defs/e", "$defs": {"e": {"$ref": "#/$defs/e"}}}

    assert isinstance(sample(endless), dict)
    assert isinstance(sample(lists), list)
    assert sample(circle) == "text"


def test_deep_down_a_union_takes_the_way_out() -> None:
    """Null, or a plain value, before another object."""
    made: Any = sample(Node.model_json_schema())
    depth = 0
    while made is not None:
        made, depth = made["next"], depth + 1

    assert depth < 8
