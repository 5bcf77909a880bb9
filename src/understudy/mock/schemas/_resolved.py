"""Schemas with their references, unions and intersections taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

_LONGEST_CHAIN: Final = 20


class Resolver:
    """Knows the root, which references (`#/$defs/Name`) start from."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def resolved(self, schema: Any, *, shallow: bool) -> dict[str, Any]:
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
            one = self.resolved(part, shallow=True)
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
