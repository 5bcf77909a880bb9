"""Makes a value that a schema accepts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from ._values import sample_number, sample_text

_LONGEST_CHAIN: Final = 20
# Deeper, what may be left out is left out: schemas may contain themselves.
_SHALLOW: Final = 4
_DEEPEST: Final = 24
_NUMBERS: Final = ("integer", "number")
_IMPLIED: Final = {
    "properties": "object",
    "additionalProperties": "object",
    "items": "array",
    "prefixItems": "array",
    "minimum": "number",
    "maximum": "number",
}
_PYTHON: Final = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
}


def sample(schema: Mapping[str, Any]) -> Any:
    """Return a value that `schema` accepts; texts repeat the name of their property.

    Knows the keywords that providers and pydantic use, types in capitals (Gemini) and Python's
    names of types (Cohere) too. Properties that are not required are given as well, but for
    deep ones.
    """
    return _Sampler(schema).value(schema, "text", 0)


class _Sampler:
    """Makes the values of one schema; references (`#/$defs/Name`) start from its root."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def value(self, part: Any, name: str, depth: int) -> Any:
        """Return a value for `part` of the schema, which stands under `name`."""
        schema = self._resolved(part, shallow=depth < _SHALLOW)
        for value in _named_values(schema):
            return value
        kind = _kind_of(schema)
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, name, depth)
        if kind in _NUMBERS:
            return sample_number(schema, whole=kind == "integer")
        if kind in {"boolean", "null"}:
            return True if kind == "boolean" else None
        return sample_text(schema, name)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if depth >= _DEEPEST:
            return {}
        properties = schema.get("properties") or {}
        required = schema.get("required") or ()
        if not isinstance(required, list):
            required = ()
        parts = {
            name: part for name, part in properties.items() if name in required or depth < _SHALLOW
        }
        other = schema.get("additionalProperties")
        parts |= {name: other for name in required if name not in parts}
        while len(parts) < schema.get("minProperties", 0):
            parts[f"key{len(parts) + 1}"] = other
        return {name: self.value(part, name, depth + 1) for name, part in parts.items()}

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        leading = schema.get("prefixItems") or []
        made = [self.value(part, name, depth + 1) for part in leading]
        if depth >= _DEEPEST:
            return made
        items = schema.get("items")
        wanted = 0 if made or depth >= _SHALLOW else min(1, schema.get("maxItems", 1))
        while len(made) < max(wanted, schema.get("minItems", 0)):
            made.append(self._item(items, name, depth + 1, len(made)))
        return made

    def _item(self, items: Any, name: str, depth: int, number: int) -> Any:
        """Return the item `number` of an array, other than those before where that is easy."""
        schema = self._resolved(items, shallow=depth < _SHALLOW)
        if options := schema.get("enum"):
            return options[number % len(options)]
        if _kind_of(schema) in _NUMBERS:
            return self.value(schema, name, depth) + number * schema.get("multipleOf", 1)
        return self.value(schema, f"{name}{number + 1}" if number else name, depth)

    def _resolved(self, schema: Any, *, shallow: bool) -> dict[str, Any]:
        """Return a schema that says itself what it wants.

        Of a union the first part is taken; deep down one that ends, where there is one: null or
        a plain value.
        """
        merged = dict(schema) if isinstance(schema, Mapping) else {}
        for _ in range(_LONGEST_CHAIN):
            if isinstance(reference := merged.pop("$ref", None), str):
                merged = {**self._referred(reference), **merged}
            elif isinstance(parts := merged.pop("allOf", None), list):
                merged = self._united([*parts, merged])
            elif options := merged.pop("anyOf", None) or merged.pop("oneOf", None):
                merged = {**merged, **_chosen(options, shallow=shallow)}
            else:
                break
        return merged

    def _referred(self, reference: str) -> dict[str, Any]:
        found: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, Mapping) else None
        return dict(found) if isinstance(found, Mapping) else {}

    def _united(self, parts: list[Any]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for part in parts:
            one = self._resolved(part, shallow=True)
            properties = {**merged.get("properties", {}), **one.get("properties", {})}
            required = [*merged.get("required", ()), *one.get("required", ())]
            merged |= one
            if properties:
                merged["properties"] = properties
            if required:
                merged["required"] = required
        return merged


def _chosen(options: Any, *, shallow: bool) -> dict[str, Any]:
    parts = [dict(part) for part in options if isinstance(part, Mapping)] or [{}]
    if shallow:
        return next((part for part in parts if part.get("type") != "null"), parts[0])
    return min(parts, key=_weight)


def _weight(part: Mapping[str, Any]) -> int:
    if part.get("type") == "null":
        return 0
    return 2 if "$ref" in part or part.get("type") in {"object", "array"} else 1


def _named_values(schema: Mapping[str, Any]) -> list[Any]:
    """Return the values that the schema itself names."""
    if "const" in schema:
        return [schema["const"]]
    options = schema.get("enum") or schema.get("examples")
    if isinstance(options, list) and options:
        return options
    default = schema.get("default")
    return [] if default is None else [default]


def _kind_of(schema: Mapping[str, Any]) -> str:
    """Return the type, the first that is not null where there are several."""
    given = schema.get("type")
    if isinstance(given, list):
        given = next((kind for kind in given if kind != "null"), "null")
    if isinstance(given, str):
        kind = given.lower().partition("[")[0]  # Cohere writes `List[str]`
        return _PYTHON.get(kind, kind)
    return next((kind for keyword, kind in _IMPLIED.items() if keyword in schema), "string")
