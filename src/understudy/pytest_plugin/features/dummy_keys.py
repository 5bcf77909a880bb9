"""Keys for SDKs that refuse to start without one, while nothing they send leaves the machine."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ...providers import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEEDS: Final = tuple(need for provider in PROVIDERS for need in provider.needs)


@contextmanager
def dummy_keys() -> Iterator[None]:
    """Set what the environment lacks, and take it back."""
    added = _missing()
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in added.items():
            if os.environ.get(name) == value:
                del os.environ[name]


def _missing() -> dict[str, str]:
    return {
        name: dummy
        for need in _NEEDS
        if not any(os.environ.get(name) for name in need.names)
        for name, dummy in need.dummies
    }
