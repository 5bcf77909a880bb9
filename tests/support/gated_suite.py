"""A suite of mocked tests with a gate, to regress in one way at a time."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from hashlib import sha256
from shutil import copytree
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.support.suite import Suite

#: The application, with what each regression changes.
APP: Final = """
import json

import urllib3

MODEL = "gpt-4o-mini"
PROMPT = "Answer the customer in a friendly tone, in one sentence, without an apology."
URL = "https://api.openai.com/v1/chat/completions"


def expected(question):
    return 10


def ask(question):
    messages = [{"role": "system", "content": PROMPT}, {"role": "user", "content": question}]
    body = json.dumps({"model": MODEL, "messages": messages})
    with urllib3.PoolManager() as pool:
        for _ in range(4):
            answer = pool.request("POST", URL, body=body, retries=False)
            if answer.status == 200:
                return answer.json()
"""

TESTS: Final = """
import pytest
from app import ask, expected

ANSWER = "Your order is on its way, dear customer, it comes tomorrow."


def test_order(mock_llm):
    mock_llm.reply(ANSWER)
    ask("Where is my order?")


@pytest.mark.slow
def test_refund(mock_llm):
    mock_llm.fail("server_error", times=1)
    mock_llm.reply(ANSWER)
    ask("Where is my money?")


@pytest.mark.parametrize("number", range(3))
def test_numbered(mock_llm, llm_estimate, number):
    mock_llm.reply(ANSWER)
    with llm_estimate(expected("What?")):
        ask("What?")
"""

PYPROJECT: Final = """
[tool.pytest.ini_options]
markers = ["slow"]

[tool.understudy.profiles.house]
think_ms = 300
per_line_ms = 50
"""

#: Each way to get worse: the file, what stands there, and what comes in its place.
REGRESSIONS: Final = {
    "longer prompt": ("app.py", "in one sentence", "in one sentence and with a good joke"),
    "dearer model": ("app.py", '"gpt-4o-mini"', '"gpt-4o"'),
    "one more retry": ("test_it.py", "times=1", "times=2"),
    "slower profile": ("pyproject.toml", "think_ms = 300", "think_ms = 330"),
    "worse estimator": ("app.py", "return 10", "return 40"),
}

#: The folders that a run with the gate writes.
_LEFT_BEHIND: Final = (".understudy", "llm-baseline")

_ON_THE_VIRTUAL_CLOCK: Final = ("--llm-clock=virtual", "--llm-profile=house")


@dataclass(frozen=True)
class GatedSuite:
    """The suite, and how it is run."""

    suite: Suite
    kept: Path
    options: tuple[str, ...] = field(default=_ON_THE_VIRTUAL_CLOCK)

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.suite.path

    @property
    def baseline(self) -> Path:
        """The folder of its baseline."""
        return self.path / "llm-baseline"

    def write(self, tests: str = TESTS) -> None:
        """Write its files."""
        self.suite.write(tests)
        (self.path / "app.py").write_text(APP)
        (self.path / "pyproject.toml").write_text(PYPROJECT)

    def change(self, file: str, old: str, new: str) -> None:
        """Change a file of it, seconds later: a compiled one is known by its second and size."""
        path = self.path / file
        text, before = path.read_text(), path.stat()
        assert old in text
        path.write_text(text.replace(old, new))
        os.utime(path, (before.st_atime, before.st_mtime + 10))

    def start(self) -> None:
        """Have the baseline of a first run, which tests that begin with the same files share."""
        files = [path.read_text() for path in sorted(self.path.iterdir()) if path.is_file()]
        kept = self.kept / sha256("\0".join([*self.options, *files]).encode()).hexdigest()
        if not kept.exists():
            assert self.accept().ret == 0
            for name in _LEFT_BEHIND:
                copytree(self.path / name, kept / name)
            return
        for name in _LEFT_BEHIND:
            copytree(kept / name, self.path / name)

    def accept(self, *options: str, reason: str = "first") -> pytest.RunResult:
        """Make a run the baseline."""
        update = "--llm-update-baseline", f"--llm-reason={reason}"
        return self.suite.run(*self.options, *update, *options, telemetry=False)

    def gate(self, *options: str) -> pytest.RunResult:
        """Run with the gate."""
        return self.suite.run(*self.options, "--llm-gate", *options, telemetry=False)

    def gate_apart(self, *options: str) -> pytest.RunResult:
        """Run with the gate in a process of its own."""
        return self.suite.run_apart(*self.options, "--llm-gate", *options, telemetry=False)


def section(result: pytest.RunResult) -> str:
    """Return what the gate printed."""
    text = result.stdout.str()
    found = re.search(r"(?ms)^=+ LLM gate =+\n(.*?)(?=^=====|^\d+ (passed|failed)|\Z)", text)
    return found[1] if found else ""


def figures(result: pytest.RunResult) -> dict[str, int]:
    """Return how many figures have which verdict."""
    first = section(result).partition("\n")[0].removeprefix("figures  ")
    pairs: Any = (entry.split() for entry in first.split(", ") if " " in entry)
    return {word: int(number.replace(",", "")) for number, word in pairs}
