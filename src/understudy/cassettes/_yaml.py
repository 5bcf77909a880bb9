"""YAML as vcrpy and its users write it, loaded without ever making an object of theirs."""

from __future__ import annotations

from typing import Any

import yaml

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CassetteLoader(_BASE):  # type: ignore[misc]
    """Safe: a tag that names a Python object gives the plain data that it was made of.

    Older versions of vcrpy tagged strings, tuples and whole requests.
    """


def _plain(loader: Any, suffix: str, node: yaml.Node) -> Any:
    """Construct the data under a `!!python/…` tag and forget the tag."""
    if isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
        return _buffer(value) if suffix.endswith("BytesIO") else value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


def _buffer(value: dict[str, Any]) -> bytes:
    """Return what a pickled `BytesIO`, a file sent as a body, held."""
    state = value.get("state") or (b"",)
    held = state[0]
    return held if isinstance(held, bytes) else str(held).encode()


CassetteLoader.add_multi_constructor("tag:yaml.org,2002:python/", _plain)


def load_yaml(text: str) -> Any:
    """Load one YAML document; raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=CassetteLoader)  # noqa: S506  a safe loader
