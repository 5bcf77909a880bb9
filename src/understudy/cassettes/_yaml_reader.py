"""Reads YAML as recorders write it, without ever making an object of theirs, and fast."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

_BINARY: Final = "tag:yaml.org,2002:binary"
#: What Ruby calls it.
_RUBY_BINARY: Final = "!binary"
#: Within the tag of what was made by a call (`…/new:`, `…/apply:`).
_CALL: Final = "python/object/"
_STRING: Final = "tag:yaml.org,2002:str"
_END: Final = object()
# libyaml has no bound of its own: it would run out of stack and take the process with it.
_TOO_DEEP: Final = re.compile(r"(?:[-?\[{]\s*){1000}")
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnusualYAMLError(Exception):
    """The document holds what only a whole loader understands: anchors, other tags, merges."""


class Builder:
    """Builds one document; `loader` is a safe loader of yaml, made with the text.

    `is_plain` tells afterwards whether JSON has a form for all of it, bytes apart.
    """

    def __init__(self, loader: Any) -> None:
        self.is_plain = True
        self._loader = loader
        self._next_event: Callable[[], yaml.Event] = loader.get_event
        self._plain: dict[str, Any] = {}

    def build(self) -> Any:
        """Return the document.

        Raises:
            UnusualYAMLError: it holds what this does not build, or is no single document.
            yaml.YAMLError: it is no YAML.
        """
        next_event = self._next_event
        next_event()
        if type(next_event()) is not yaml.DocumentStartEvent:
            raise UnusualYAMLError
        document = self._value(next_event())
        next_event()
        if type(next_event()) is not yaml.StreamEndEvent:
            raise UnusualYAMLError
        return document

    def _value(self, event: yaml.Event) -> Any:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            return _END
        if kind is yaml.AliasEvent or event.anchor is not None or event.tag is not None:  # type: ignore[attr-defined]
            raise UnusualYAMLError
        return self._mapping() if kind is yaml.MappingStartEvent else self._sequence()

    def _mapping(self) -> dict[Any, Any]:
        next_event, value = self._next_event, self._value
        mapping: dict[Any, Any] = {}
        while (key := value(next_event())) is not _END:
            if type(key) is not str or key in {"<<", "="}:
                raise UnusualYAMLError
            mapping[key] = value(next_event())
        return mapping

    def _sequence(self) -> list[Any]:
        next_event, value = self._next_event, self._value
        items: list[Any] = []
        while (item := value(next_event())) is not _END:
            items.append(item)
        return items

    def _scalar(self, event: Any) -> Any:
        if event.anchor is not None:
            raise UnusualYAMLError
        text: str = event.value
        if event.tag is None:
            return self._resolved(event) if event.implicit[0] else text
        if event.tag == _STRING:
            return text
        if event.tag in {_BINARY, _RUBY_BINARY}:
            return self._loader.construct_yaml_binary(_node(event, _BINARY))
        raise UnusualYAMLError

    def _resolved(self, event: Any) -> Any:
        """Return what plain text means: most often itself."""
        text: str = event.value
        if text in self._plain:
            return self._plain[text]
        tag, value = self._loader.resolve(yaml.ScalarNode, text, (True, False)), text
        if tag != _STRING:
            if tag not in self._loader.yaml_constructors:
                raise UnusualYAMLError
            value = self._loader.construct_object(_node(event, tag))
            self.is_plain = self.is_plain and (value is None or isinstance(value, int | float))
        self._plain[text] = value
        return value


def _node(event: Any, tag: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)


class CassetteLoader(_BASE):  # type: ignore[misc]
    """Safe: a tag that names an object gives the plain data that it was made of.

    Older versions of vcrpy tagged strings, tuples and whole requests, Ruby VCR its structures.
    """


def _plain(loader: Any, tag: str, node: yaml.Node) -> Any:
    """Construct the data under a tag of Python's, Ruby's or anybody's and forget the tag."""
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        items = tuple(loader.construct_sequence(node, deep=True))
        return _made_of(items, items) if _CALL in tag else items
    value = loader.construct_mapping(node, deep=True)
    if tag.endswith("BytesIO"):
        # A pickled buffer: a file that was sent as a body.
        held = (value.get("state") or (b"",))[0]
        return held if isinstance(held, bytes) else str(held).encode()
    return _made_of(value.get("args"), value) if _CALL in tag else value


def _made_of(arguments: Any, otherwise: Any) -> Any:
    """Return what a text of a class of its own, as names of headers are, was made of."""
    is_one = isinstance(arguments, list | tuple) and len(arguments) == 1
    return arguments[0] if is_one else otherwise


CassetteLoader.add_multi_constructor(None, _plain)
CassetteLoader.add_constructor(_RUBY_BINARY, CassetteLoader.construct_yaml_binary)


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


def line_of(text: str, place: int) -> int | None:
    """Return the line, from 1, of interaction `place` of a cassette; None where it has none."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (ValueError, yaml.YAMLError, RecursionError):
        return None
    nodes = [root]
    if isinstance(root, yaml.MappingNode):
        nodes = [value for key, value in root.value if key.value.endswith("interactions")]
    items = next((node.value for node in nodes if isinstance(node, yaml.SequenceNode)), ())
    return None if place >= len(items) else int(items[place].start_mark.line) + 1
