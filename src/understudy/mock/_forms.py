"""The forms in which a test may write tool calls, usage and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Final, TypeAlias

from ..calls import ToolCall, Usage
from ..errors import SettingsError, UnknownNameError

#: A `ToolCall`; a name; a name and its arguments; or a mapping of `name`, `arguments` and `id`.
ToolCallForm: TypeAlias = ToolCall | str | tuple[str, Any] | Mapping[str, Any]
#: Counts by their names in events.
UsageForm: TypeAlias = Usage | Mapping[str, int]

_CALL_KEYS: Final = ("name", "arguments", "id")
_COUNTS: Final = tuple(field.name for field in fields(Usage))


def tool_call_of(form: Any) -> ToolCall:
    """Return the tool call; arguments that are text go out as they stand.

    Raises:
        SettingsError: it has none of the forms, or an unknown key.
    """
    if isinstance(form, ToolCall):
        return form
    if isinstance(form, str):
        return ToolCall(form, "{}")
    if isinstance(form, tuple) and len(form) == len(_CALL_KEYS) - 1:
        form = dict(zip(_CALL_KEYS, form, strict=False))
    if not isinstance(form, Mapping) or not isinstance(form.get("name"), str):
        msg = f"{form!r} is no tool call: write ('name', {{arguments}}) or {{'name': …}}."
        raise SettingsError(msg)
    for key in form:
        if key not in _CALL_KEYS:
            error = UnknownNameError("key", str(key), _CALL_KEYS, where="a tool call")
            raise error
    return ToolCall(form["name"], _arguments(form.get("arguments")), form.get("id"))


def usage_of(form: UsageForm) -> Usage:
    """Return the usage; what is not given is None.

    Raises:
        SettingsError: it is no mapping, a key is unknown, or a count is no number from 0 on.
    """
    if isinstance(form, Usage):
        return form
    if not isinstance(form, Mapping):
        msg = f"usage is {form!r}; give counts by name, like {{'output_tokens': 12}}."
        raise SettingsError(msg)
    for name, count in form.items():
        if name not in _COUNTS:
            error = UnknownNameError("count", name, _COUNTS, where="usage")
            raise error
        if type(count) is not int or count < 0:
            msg = f"usage: {name} is {count!r}; give a whole number from 0 on."
            raise SettingsError(msg)
    return Usage(**form)


def json_text(value: Any) -> str:
    """Return a pydantic model, a dataclass or plain data as compact JSON.

    Raises:
        SettingsError: it is nothing that JSON can hold.
    """
    if callable(dump := getattr(value, "model_dump_json", None)) and not isinstance(value, type):
        return str(dump())
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        msg = f"{value!r} cannot be written as JSON: {error}."
        raise SettingsError(msg) from None


def _arguments(value: Any) -> str:
    if value is None:
        return "{}"
    return value if isinstance(value, str) else json_text(value)
