"""What the user asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from ..options import DEFAULT_STORE, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from decimal import Decimal

#: Where what is said holds for good: a marker, which speaks of one test, goes before it.
_FOR_GOOD: Final = ("configuration", "default")


@dataclass(frozen=True, slots=True)
class Settings:
    """One field for each option of `understudy.options`, which say what they mean.

    `sources` maps an option to where its value came from. Paths are absolute, `store` may be a
    URL; `budget` is in USD. None means that nobody said anything and the default depends on
    more than the options.
    """

    telemetry: bool = False
    store: str = DEFAULT_STORE
    run_id: str | None = None
    store_content: bool = False
    retention: timedelta | None = None
    budget: Decimal | None = None
    mock: str | None = None
    profile: str | None = None
    clock: str = "real"
    faults: tuple[str, ...] = ()
    seed: int = 0
    golden_dir: str = "golden"
    mock_hosts: tuple[str, ...] = ()
    block_network: bool = False
    allow_live: bool = False
    allowed_hosts: tuple[str, ...] = ()
    record_mode: str | None = None
    replay_speed: float = 0.0
    vcr_marker: bool = False
    gate: bool = False
    baseline: str = "llm-baseline"
    update_baseline: bool = False
    reason: str | None = None
    gate_reruns: int | None = None
    gate_strict: bool = False
    lifecycle: Literal["on", "off", "debug"] = "on"
    sink: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def begins_run(self) -> bool:
        """Whether a session of ours begins with the run, before any test asks for it."""
        return any(getattr(self, each.name) != each.default for each in OPTIONS if each.begins_run)

    def outranks_marker(self, name: str) -> bool:
        """Tell whether an option was given for this run: by the command line or environment."""
        return self.sources.get(name, "default") not in _FOR_GOOD
