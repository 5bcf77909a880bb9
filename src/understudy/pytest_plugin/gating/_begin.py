"""Starts what the options ask for, in the process that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ...errors import UnderstudyError
from ...extensions import find_policy
from .._workers import is_worker
from ._collection_facts import CollectionFacts
from ._destinations import destinations_of
from ._gating import Gating

if TYPE_CHECKING:
    from ...extensions import Extensions
    from ...settings import Settings
    from ..run import FinishedRun


def begin_gating(
    config: pytest.Config, settings: Settings, extensions: Extensions, end: FinishedRun
) -> None:
    """Collect facts in each process that runs tests; judge and report in the controller.

    Raises:
        pytest.UsageError: the policy, a registered metric or a report is wrong.
    """
    if not (settings.gate or settings.update_baseline or settings.report):
        return
    try:
        metrics, policy = find_policy(extensions, pyproject=config.rootpath / "pyproject.toml")
        destinations = destinations_of(settings.report)
    except UnderstudyError as error:
        raise pytest.UsageError(str(error)) from error
    collection_facts = CollectionFacts(config, metrics)
    config.pluginmanager.register(collection_facts, "understudy-gate-facts")
    if is_worker(config):
        return
    gating = Gating(
        config,
        settings,
        end=end,
        collection_facts=collection_facts,
        metrics=metrics,
        policy=policy,
        destinations=destinations,
    )
    config.pluginmanager.register(gating, "understudy-gate")
