"""Both doors for plugins: hooks on pytest's manager, and hooks on a manager of our own.

The first sort is about tests and works like any pytest hook. The second registers kinds of
things and is also called where there is no pytest, by the command line; put its marker
`understudy.hookimpl` on functions of a `conftest.py`, of a pytest plugin, or of a package
with an entry point in the group `understudy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pluggy
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .events import CallEvent
    from .telemetry import Sink
    from .wire import Codec

PROJECT: Final = "understudy"

hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)


class PytestHooks:
    """Hooks on pytest's manager."""

    @pytest.hookspec
    def pytest_llm_call_recorded(self, item: pytest.Item | None, event: CallEvent) -> None:
        """Called for each attempt of a call, in the process that made it, once it has ended.

        Args:
            item: the test that made the call; None for a fixture of wider scope, or the run.
            event: the event of the attempt, without a price.

        An exception is counted and said once at the end; it fails no test.

        Example, in a `conftest.py`::

            def pytest_llm_call_recorded(item, event):
                if event.status == "error":
                    print(item.nodeid if item else "-", event.http_status, event.error)
        """


class RegistrationHooks:
    """Hooks on the manager of our own."""

    @hookspec
    def register_codecs(self, register: Callable[[Codec], None]) -> None:
        """Teach understudy another wire API; codecs registered here are asked first.

        Args:
            register: takes one object with the methods of `understudy.wire.Codec`.

        Example, in a `conftest.py`::

            import understudy
            from my_company.llm import CompanyCodec


            @understudy.hookimpl
            def register_codecs(register):
                register(CompanyCodec())
        """

    @hookspec
    def register_prices(self, register: Callable[..., None]) -> None:
        """Price models that the price table does not know, or prices otherwise.

        Args:
            register: takes the model's name and USD per million tokens as `input`,
                `output`, `cache_read`, `cache_write` and `cache_write_1h`.

        Example, in a `conftest.py`::

            import understudy


            @understudy.hookimpl
            def register_prices(register):
                register("our-model-7b", input=0.10, output=0.40)
        """

    @hookspec
    def register_sinks(self, register: Callable[[Sink], None]) -> None:
        """Send each event somewhere else too, in the process that recorded it.

        Args:
            register: takes one object with a method `emit(event)`.

        Example, in a `conftest.py`::

            import understudy
            from understudy.telemetry import LoggingSink


            @understudy.hookimpl
            def register_sinks(register):
                register(LoggingSink())
        """
