"""Who watches the calls that a gateway answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..intercept import Observation, Observer


class Watch:
    """What is told of one call; a fault of who watches reaches no client."""

    __slots__ = ("_observation", "_observer")

    def __init__(
        self, observer: Observer | None = None, observation: Observation | None = None
    ) -> None:
        self._observer = observer
        self._observation = observation

    def tell(self, what: str, *arguments: Any, **more: Any) -> None:
        """Tell what happened, by the name of a method of `Observation`."""
        if self._observation is None or self._observer is None:
            return
        try:
            getattr(self._observation, what)(*arguments, **more)
        except Exception as error:  # noqa: BLE001 - as a tap contains it
            self._observer.fault(error)


#: Of calls that nobody watches.
UNWATCHED = Watch()
