"""Makes the keys under which interactions are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from ...errors import SettingsError, UnknownNameError
from .._interaction import RecordedRequest
from ._parts import PARTS, Parts, body
from ._passed_over import NORMALISERS, normaliser, pruner

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calls import Request
    from .._treatment import Redactor
    from ._matching import Matcher, Matching

#: What an unknown name in `match_on` is said to be.
MATCHER: Final = "matcher"
_VERSION: Final = 1
_SEPARATOR: Final = "\0"


@dataclass(frozen=True, slots=True)
class Keys:
    """Equal for requests that match: `exact` as they are, `loose` when normalised."""

    exact: str
    loose: str


class KeyMaker:
    """Makes keys as a matching says; what the redactor takes out is no part of them.

    Raises:
        UnknownNameError: the matching names a part, a matcher or a normaliser of nobody.
        SettingsError: one of its patterns is no regular expression.
    """

    def __init__(self, matching: Matching, redactor: Redactor | None = None) -> None:
        self.matching = matching
        self._redactor = redactor
        if redactor is not None:
            # One that tells secrets by their looks compares what stands in for them as equal.
            self._compared = getattr(redactor, "compared", redactor.request)
        known = [*PARTS, *matching.matchers]
        UnknownNameError.check(MATCHER, matching.match_on, known, where="match_on")
        self._names = tuple(name for name in matching.match_on if name not in matching.matchers)
        self.matchers: tuple[Matcher, ...] = tuple(
            matching.matchers[name] for name in matching.match_on if name in matching.matchers
        )
        self._prune = pruner(matching.ignore_body)
        self._ignored_query = frozenset(name.lower() for name in matching.ignore_query)
        self.normalised = _normaliser(matching)

    @property
    def fingerprint(self) -> str:
        """A text that differs where the keys would."""
        matching = self.matching
        compared = (
            _VERSION,
            self._names,
            matching.ignore_body,
            sorted(self._ignored_query),
            [(name, NORMALISERS[name]) for name in matching.normalise],
            sorted(matching.patterns.items()),
            "" if self._redactor is None else self._redactor.fingerprint,
        )
        return blake2b(repr(compared).encode(), digest_size=8).hexdigest()

    def redacted(self, request: RecordedRequest) -> RecordedRequest | None:
        """Return the request as it is compared; None where the cassette ignores it."""
        return request if self._redactor is None else self._compared(request)

    def parts(self, request: RecordedRequest) -> dict[str, str]:
        """Return the parts of a redacted request that are compared."""
        parts = Parts(request, prune=self._prune, ignored_query=self._ignored_query)
        return parts.named(self._names)

    def asks_otherwise(self, request: RecordedRequest, stored: RecordedRequest) -> bool:
        """Tell whether a request that matches has another body: one that nothing compares."""
        if self.matchers or not {"body", "raw_body"}.isdisjoint(self._names):
            return False
        made, held = (
            Parts(each, prune=self._prune).named(("body",))["body"]
            for each in (request, self.redacted(stored) or stored)
        )
        if self.normalised is not None:
            made, held = self.normalised(made), self.normalised(held)
        return made != held

    def keys(self, request: RecordedRequest) -> Keys:
        """Return the keys of a redacted request."""
        text = _SEPARATOR.join(self.parts(request).values())
        exact = _digest(text)
        return Keys(exact, exact if self.normalised is None else _digest(self.normalised(text)))


def asks_the_same(request: Request, recorded: Request) -> bool:
    """Tell whether two requests have the same body, as cassettes compare them."""
    one, other = (
        RecordedRequest(
            method=each.method, url=each.url, headers=tuple(each.headers.items()), body=each.body
        )
        for each in (request, recorded)
    )
    return body(Parts(one)) == body(Parts(other))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _normaliser(matching: Matching) -> Callable[[str], str] | None:
    UnknownNameError.check("normaliser", matching.normalise, NORMALISERS, where="normalise")
    try:
        return normaliser(matching.normalise, matching.patterns)
    except re.error as error:
        msg = f"patterns: {error.pattern!r} is no regular expression: {error}"
        raise SettingsError(msg) from error
