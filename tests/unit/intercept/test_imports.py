"""Modules that are acted on when they are imported."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from understudy.intercept._imports import ImportHook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

NAME = "some_library"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that can be imported, and has not been."""
    path = tmp_path / f"{NAME}.py"
    path.write_text("ready = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield path
    sys.modules.pop(NAME, None)


@pytest.fixture
def seen() -> list[ModuleType]:
    """The modules that were acted on."""
    return []


@pytest.fixture
def hook(seen: list[ModuleType]) -> Iterator[ImportHook]:
    """A hook that is removed after the test."""
    hook = ImportHook({NAME: seen.append})
    yield hook
    hook.remove()


@pytest.mark.usefixtures("library")
def test_module_is_acted_on_once_it_is_imported(hook: ImportHook, seen: list[ModuleType]) -> None:
    """The hook imports nothing, and is told of the module when it is complete."""
    hook.install()
    assert NAME not in sys.modules

    module = importlib.import_module(NAME)

    assert seen == [module]
    assert module.ready


@pytest.mark.usefixtures("library")
def test_module_that_is_imported_already_is_acted_on_at_once(
    hook: ImportHook, seen: list[ModuleType]
) -> None:
    """Installing is enough for it."""
    module = importlib.import_module(NAME)

    hook.install()

    assert seen == [module]


def test_blocked_module_is_left_alone(
    hook: ImportHook, seen: list[ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    """None in `sys.modules` means that the module must not be imported."""
    monkeypatch.setitem(sys.modules, NAME, None)

    hook.install()

    assert seen == []


@pytest.mark.usefixtures("library")
def test_import_leaves_no_trace_in_the_module(hook: ImportHook) -> None:
    """Spec and loader are those of an import without the hook."""
    plain = importlib.import_module(NAME)
    del sys.modules[NAME]
    hook.install()

    hooked = importlib.import_module(NAME)

    assert hooked.__spec__ is not None
    assert type(hooked.__spec__.loader) is type(plain.__loader__)
    assert hooked.__loader__ is hooked.__spec__.loader


@pytest.mark.usefixtures("library")
def test_reloaded_module_is_acted_on_again(hook: ImportHook, seen: list[ModuleType]) -> None:
    """A reload makes new classes."""
    hook.install()
    module = importlib.import_module(NAME)

    importlib.reload(module)

    assert seen == [module, module]


@pytest.mark.usefixtures("library")
def test_removed_hook_sees_nothing(hook: ImportHook, seen: list[ModuleType]) -> None:
    """What is imported later is none of its business."""
    finders = list(sys.meta_path)
    hook.install()
    hook.remove()
    hook.remove()

    importlib.import_module(NAME)

    assert seen == []
    assert sys.meta_path == finders


def test_import_that_fails_fails_as_ever(
    hook: ImportHook, seen: list[ModuleType], library: Path
) -> None:
    """The error is the module's own, and nothing is acted on."""
    library.write_text("raise RuntimeError('broken library')")
    hook.install()

    with pytest.raises(RuntimeError, match="broken library"):
        importlib.import_module(NAME)

    assert seen == []


def test_module_that_does_not_exist_is_not_found(hook: ImportHook) -> None:
    """The hook finds nothing by itself."""
    hook.install()

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(NAME)


@pytest.mark.usefixtures("library")
def test_finder_of_an_old_kind_is_passed_over(
    hook: ImportHook, seen: list[ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finder without `find_spec` finds nothing for the hook, as for Python itself."""
    monkeypatch.setattr(sys, "meta_path", [object(), *sys.meta_path])
    hook.install()

    spec = hook.find_spec(NAME, None)

    assert spec is not None
    assert seen == []


@pytest.mark.usefixtures("library")
def test_spec_that_is_looked_up_only_is_usable(hook: ImportHook, seen: list[ModuleType]) -> None:
    """Asking whether a library is there works as ever and acts on nothing."""
    hook.install()

    spec = importlib.util.find_spec(NAME)

    assert spec is not None
    assert spec.loader is not None
    assert spec.loader.get_source(NAME) == "ready = True\n"  # type: ignore[attr-defined]
    assert seen == []


@pytest.mark.usefixtures("library")
def test_two_hooks_act_both(hook: ImportHook, seen: list[ModuleType]) -> None:
    """One hook does not hide the import from another."""
    others: list[ModuleType] = []
    other = ImportHook({NAME: others.append})
    hook.install()
    other.install()

    module = importlib.import_module(NAME)
    other.remove()

    assert seen == others == [module]


def test_import_under_way_in_another_thread_is_waited_for(
    hook: ImportHook, seen: list[ModuleType], library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module is acted on when it is complete, also if its import began before."""
    begun, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(threading, "begun_of_the_test", begun, raising=False)
    monkeypatch.setattr(threading, "go_on_of_the_test", go_on, raising=False)
    library.write_text(
        "import threading\n"
        "threading.begun_of_the_test.set()\n"
        "threading.go_on_of_the_test.wait()\n"
        "complete = True\n"
    )
    importing = threading.Thread(target=importlib.import_module, args=[NAME])
    importing.start()
    begun.wait()

    installing = threading.Thread(target=hook.install)
    installing.start()
    go_on.set()
    installing.join()
    importing.join()

    assert [module.complete for module in seen] == [True]
