"""What the plugin loads while nothing of it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

OURS = {
    "understudy",
    "understudy.hookspecs",
    "understudy.options",
    "understudy.pytest_plugin",
    *(
        f"understudy.pytest_plugin.{name}"
        for name in (
            "_fixtures",
            "_options",
            "_stash",
            "_test_needs",
            "markers",
        )
    ),
}

DUMPING = """
    import sys
    from pathlib import Path

    def pytest_unconfigure():
        Path("modules.txt").write_text("\\n".join(sys.modules))
"""


def foreign(modules: set[str]) -> set[str]:
    """Return the modules that are not the standard library's."""
    return {name for name in modules if name.partition(".")[0] not in sys.stdlib_module_names}


def modules_of(suite: Suite, *options: str) -> set[str]:
    """Return what a process has imported that ran the suite."""
    suite.pytester.runpytest_subprocess(*options).assert_outcomes(passed=1)
    return set((suite.path / "modules.txt").read_text().split())


@pytest.fixture(autouse=True)
def _dumping(suite: Suite) -> None:
    suite.write("def test_it(): pass", conftest=DUMPING)


def test_idle_it_loads_nothing_but_itself_and_the_standard_library(suite: Suite) -> None:
    """Beside the same run without it: a few modules of ours, no third party."""
    without = modules_of(suite)

    added = modules_of(suite, "-p", "understudy") - without

    assert foreign(added) == OURS


def test_installed_beside_others_it_brings_no_third_party(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every plugin of the environment, blocking ours takes only ours away."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")

    added = modules_of(suite) - modules_of(suite, "-p", "no:understudy")

    assert foreign(added) == OURS


def test_importing_the_package_imports_nothing_else(suite: Suite) -> None:
    """`import understudy` in an application is free."""
    code = "import sys; before = {*sys.modules}; import understudy; print(*{*sys.modules} - before)"

    result = suite.pytester.run(sys.executable, "-c", code)

    assert foreign(set(result.outlines[0].split())) == {"understudy"}


def test_collecting_builds_nothing(suite: Suite) -> None:
    """Editors collect at each save: markers and fixtures of ours are looked at, no more."""
    suite.write(
        """
        import pytest

        pytestmark = pytest.mark.llm_budget(usd=1, calls=3)

        @pytest.mark.llm_cassette(name="shared")
        def test_cassette(llm_calls): pass

        def test_mock(mock_llm, llm_clock, llm_api, llm_estimate): pass

        def test_benchmark(llm_benchmark, session_mock_llm, llm_telemetry): pass
        """,
        conftest=DUMPING,
    )

    suite.pytester.runpytest_subprocess("-p", "understudy", "--collect-only")

    loaded = (suite.path / "modules.txt").read_text().split()
    assert len([name for name in loaded if name.partition(".")[0] == "understudy"]) <= 40
