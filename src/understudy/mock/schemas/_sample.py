"""Makes a value that a schema accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._numbers import sample_number
from ._resolved import Resolver
from ._texts import sample_text

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return _Sampler(Resolver(schema)).value(schema, "text", 0)


class _Sampler:
    """Makes the values of one schema and of its parts."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def value(self, part: Any, name: str, depth: int) -> Any:
        """Return a value for `part` of the schema, which stands under `name`."""
        schema = self._resolver.resolved(part, shallow=depth < _SHALLOW)
        for told in _told(schema):
            return told
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
        schema = self._resolver.resolved(items, shallow=depth < _SHALLOW)
        if options := schema.get("enum"):
            return options[number % len(options)]
        if _kind_of(schema) in _NUMBERS:
            return self.value(schema, name, depth) + number * schema.get("multipleOf", 1)
        return self.value(schema, f"{name}{number + 1}" if number else name, depth)


def _told(schema: Mapping[str, Any]) -> list[Any]:
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
    told = schema.get("type")
    if isinstance(told, list):
        told = next((kind for kind in told if kind != "null"), "null")
    if isinstance(told, str):
        kind = told.lower().partition("[")[0]  # Cohere writes `List[str]`
        return _PYTHON.get(kind, kind)
    return next((kind for keyword, kind in _IMPLIED.items() if keyword in schema), "string")
