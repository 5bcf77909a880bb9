"""What a test may tell a gateway: data alone, in the words of `mock_llm`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

Times = Annotated[int, Field(ge=1)] | None


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def given(self) -> dict[str, Any]:
        """Return what was given, by name; null is what is not given."""
        given = self.model_dump(exclude_unset=True, by_alias=True)
        return {name: value for name, value in given.items() if value is not None}


class Wanted(_Data):
    """Which calls: all that is given must hold. See `mock_llm.on`."""

    model: str | None = None
    provider: str | None = None
    contains: str | None = None
    matches: str | None = None
    system_contains: str | None = None
    tool_result: str | bool | None = None
    result_contains: str | None = None
    result_matches: str | None = None
    turn: int | None = None


class ToolCallData(_Data):
    """A tool that the model calls; `arguments` are an object, or text as it is sent."""

    name: str
    arguments: dict[str, JsonValue] | str = Field(default_factory=dict)
    id: str | None = None


class ReplyData(_Data):
    """One answer. See `MockReply`."""

    text: str | None = None
    data: JsonValue = Field(default=None, alias="json")
    tool_calls: list[ToolCallData] = Field(default_factory=list)
    thinking: str | None = None
    refusal: str | None = None
    usage: dict[str, int] | None = None
    finish_reason: str | None = None
    model: str | None = None
    chunk: Literal["line", "token"] | list[str] = "line"
    profile: str | None = None
    vectors: list[list[float]] | None = None
    headers: dict[str, str] = Field(default_factory=dict)

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not _NAME.fullmatch(name) or not (value.isascii() and value.isprintable()):
                msg = f"{name!r} cannot be sent: names are tokens, values are of printable ASCII"
                raise ValueError(msg)
        return headers


class RuleData(_Data):
    """What answers: `reply`, or `replies` one after the other, or tools by themselves."""

    on: Wanted = Field(default_factory=Wanted)
    reply: str | ReplyData | None = None
    replies: list[str | ReplyData] | None = None
    auto_tools: list[str] | None = None
    times: Times = None

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if len(self.model_fields_set & {"reply", "replies", "auto_tools"}) != 1:
            msg = "give one of reply, replies and auto_tools"
            raise ValueError(msg)
        if "reply" not in self.model_fields_set and self.replies is self.auto_tools:
            msg = "replies and auto_tools are lists"
            raise ValueError(msg)
        if self.times is not None and "reply" not in self.model_fields_set:
            msg = "times goes with reply"
            raise ValueError(msg)
        return self


class ScriptData(_Data):
    """A scenario by its name; with `anew` each conversation begins it."""

    scenario: str
    on: Wanted = Field(default_factory=Wanted)
    anew: bool = False


class FaultData(_Data):
    """A fault by its name, for every call or `times` of them, with its own `options`."""

    fault: str
    on: Wanted = Field(default_factory=Wanted)
    times: Times = None
    options: dict[str, JsonValue] = Field(default_factory=dict)
