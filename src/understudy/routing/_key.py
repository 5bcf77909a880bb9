"""Under which key an answer is kept: what two requests must share to share an answer."""

from __future__ import annotations

from hashlib import sha256
from json import JSONEncoder
from typing import TYPE_CHECKING, Final

from ._errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ._provider import Body

#: 1: canonical JSON of the body, the agent, the target.
KEY_VERSION: Final = 1
#: Fields that move neither the answer nor its form: where the provider's own cache looks first.
HARMLESS: Final = ("prompt_cache_key", "prompt_cache_retention")

_ENCODE: Final[Callable[[object], str]] = JSONEncoder(
    sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


class Keys:
    """Makes keys of requests: everything counts but what is named as harmless.

    A miss that was not needed is cheap, a hit that is wrong is a wrong answer. The model is the
    target's, and stands in the key as such.
    """

    def __init__(self, ignored: Iterable[str] = ()) -> None:
        self._ignored = frozenset({"model", *HARMLESS, *ignored})

    def canonical(self, body: Body) -> str:
        """Return a request as text: the same for any order of its keys.

        Raises:
            BadRequestError: it is no JSON.
        """
        ignored = self._ignored
        try:
            return _ENCODE({name: body[name] for name in body if name not in ignored})
        except (TypeError, ValueError, RecursionError) as error:
            msg = (
                f"the request is no JSON: {error}. Give what the API takes: texts, numbers, lists."
            )
            raise BadRequestError(msg) from error

    def digest(self, canonical: str, agent: str) -> str:
        """Return what stands for a request of an agent, whoever will answer it."""
        told = f"{KEY_VERSION}\n{len(agent)}\n{agent}\n{canonical}"
        return sha256(told.encode("ascii", "backslashreplace")).hexdigest()
