"""What is put over other libraries: wrappers of what is there or comes later, subclasses."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from understudy.intercept._patches import ImportHook, Patches, Subclassing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType


class _Base:
    def inherited(self) -> str:
        return "inherited"


class _Library(_Base):
    def send(self) -> str:
        return "sent"


def louder(original: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda self: original(self).upper()


def test_wrapped_attribute_is_the_wrapper_until_undone() -> None:
    """The very same object stands there before and after."""
    patches = Patches()
    before = _Library.__dict__["send"]

    patches.wrap(_Library, "send", louder)
    during = _Library().send()
    patches.undo()

    assert during == "SENT"
    assert _Library.__dict__["send"] is before


def test_attribute_is_wrapped_once() -> None:
    """Wrapping what is wrapped already does nothing."""
    patches = Patches()

    patches.wrap(_Library, "send", louder)
    wrapper = _Library.__dict__["send"]
    patches.wrap(_Library, "send", louder)

    assert _Library.__dict__["send"] is wrapper
    patches.undo()


def test_patch_of_somebody_else_over_ours_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another library put over the wrapper is not ours to take away."""
    monkeypatch.setattr(_Library, "send", _Library.__dict__["send"])
    patches = Patches()
    patches.wrap(_Library, "send", louder)
    monkeypatch.setattr(_Library, "send", lambda _: "theirs")

    patches.undo()

    assert _Library().send() == "theirs"


def test_wrapper_put_over_again_is_undone_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody restored the bare method meanwhile, the second wrapper goes as well."""
    monkeypatch.setattr(_Library, "send", _Library.__dict__["send"])
    patches = Patches()
    patches.wrap(_Library, "send", louder)
    monkeypatch.setattr(_Library, "send", lambda _: "theirs")

    patches.wrap(_Library, "send", louder)
    during = _Library().send()
    patches.undo()

    assert during == "THEIRS"
    assert _Library().send() == "theirs"


@pytest.mark.parametrize("name", ["inherited", "absent"])
def test_attribute_that_the_owner_lacks_cannot_be_wrapped(name: str) -> None:
    """A library of another version is an error that says so."""
    patches = Patches()

    with pytest.raises(AttributeError, match="version is not supported"):
        patches.wrap(_Library, name, louder)


def test_inherited_attribute_is_inherited_again() -> None:
    """Where asked for, a wrapper covers what a base class has, and leaves no trace."""
    patches = Patches()

    patches.wrap(_Library, "inherited", louder, inherited=True)
    during = _Library().inherited()
    patches.undo()

    assert during == "INHERITED"
    assert "inherited" not in vars(_Library)
    with pytest.raises(AttributeError):
        patches.wrap(_Library, "nobody_has_it", louder, inherited=True)


def test_what_was_taken_away_or_covered_is_not_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is wrapped again; with nothing wrapped, everything is."""
    monkeypatch.setattr(_Library, "send", _Library.__dict__["send"])
    patches = Patches()
    assert patches.are_in_place()

    patches.wrap(_Library, "send", louder)
    before = patches.are_in_place()
    monkeypatch.setattr(_Library, "send", lambda _: "theirs")
    between = patches.are_in_place()
    patches.wrap(_Library, "send", louder)

    assert (before, between, patches.are_in_place()) == (True, False, True)
    patches.undo()


class _Loud:
    """Says what the object says, in capitals."""

    understudy_own: Any

    def say(self) -> str:
        return str(self.understudy_own.say(self)).upper()


class _Plain:
    """Has a dictionary."""

    def say(self) -> str:
        return "open"


class _Slotted:
    """Has slots, and none to spare."""

    __slots__ = ("word",)

    def __init__(self) -> None:
        self.word = "slotted"

    def say(self) -> str:
        return self.word


@pytest.mark.parametrize("own", [_Plain, _Slotted])
def test_object_gets_the_overrides_in_place(own: type[_Plain | _Slotted]) -> None:
    """It is the same object, still an instance of its class, under the same name."""
    subject = own()

    Subclassing(_Loud).apply(subject)

    assert subject.say() == own().say().upper()
    assert isinstance(subject, own)
    assert type(subject).__qualname__ == own.__qualname__
    assert type(subject).__doc__ == own.__doc__


def test_objects_of_one_class_share_the_subclass() -> None:
    """No class is made for each object."""
    first, second = _Plain(), _Plain()
    loud = Subclassing(_Loud)

    loud.apply(first)
    loud.apply(second)

    assert type(first) is type(second)


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
