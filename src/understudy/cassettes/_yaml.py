"""YAML as vcrpy and its users write it, loaded without ever making an object of theirs."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from ._events import Builder, UnusualYAMLError

# libyaml has no bound of its own: it would run out of stack and take the process with it.
_TOO_DEEP: Final = re.compile(r"(?:[-?\[{]\s*){1000}")
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


def load_yaml(text: str) -> tuple[Any, bool]:
    """Load one YAML document; tell whether JSON has a form for all of it, bytes apart.

    Raises:
        yaml.YAMLError: it is no YAML.
        RecursionError: it is nested too deeply.
    """
    loader = CassetteLoader(text)
    builder = Builder(loader)
    try:
        return builder.build(), builder.is_plain
    except UnusualYAMLError:
        pass
    finally:
        loader.dispose()
    if _TOO_DEEP.search(text):
        raise RecursionError
    return yaml.load(text, Loader=CassetteLoader), False  # noqa: S506  a safe loader
