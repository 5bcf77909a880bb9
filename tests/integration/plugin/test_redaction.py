"""Keys are written nowhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest
    from tests.support.suite import Suite

KEY = "sk-proj-abcdefghijklmnop1234567890"
PLAIN = "plain-secret-of-a-small-provider"
SECRETS = (KEY, PLAIN, "hunter2hunter2")

LEAKING = f"""
    import pytest
    from ask import POOL, URL, request

    KEY, PLAIN = {KEY!r}, {PLAIN!r}

    def test_headers():
        headers = {{"authorization": f"Bearer {{PLAIN}}", "x-api-key": KEY}}
        POOL.request("POST", URL, json=request("gpt-4o-mini.status-401"), headers=headers)

    def test_url():
        POOL.request("POST", f"{{URL}}?key={{KEY}}", json=request("gpt-4o-mini"))
        POOL.request(
            "POST", URL.replace("//", "//user:hunter2hunter2@"), json=request("gpt-4o-mini")
        )

    def test_no_connection():
        import urllib3
        with pytest.raises(urllib3.exceptions.HTTPError):
            POOL.request(
                "POST",
                f"http://127.0.0.1:1/v1/chat/completions?key={{KEY}}",
                json=request("gpt-4o-mini"),
                retries=False,
            )

    def test_tracker(llm_telemetry):
        with pytest.raises(ValueError), llm_telemetry.tracker():
            raise ValueError(f"Incorrect API key provided: {{KEY}}")
        llm_telemetry.record_event("undo", error=f"Bearer {{PLAIN}} is wrong")
        llm_telemetry.record_event("undo", colour=f"Bearer {{KEY}}")
"""

HOOK = f"""
    def pytest_llm_call_recorded():
        raise ValueError("the key {KEY} is wrong")
"""


def test_no_key_reaches_store_summary_or_junit(suite: Suite, workers: tuple[str, ...]) -> None:
    """Whether it stood in a header, an address, an exception or a hook's own error."""
    suite.write(LEAKING, conftest=HOOK)

    result = suite.run("-vv", "--junitxml=junit.xml", "--color=no", *workers)

    result.assert_outcomes(passed=4)
    assert len(suite.stored().events) == 6
    written = [path for path in suite.path.rglob("*.*") if path.suffix in {".db", ".xml", ".jsonl"}]
    assert len(written) == 2
    texts = [result.stdout.str(), *(path.read_bytes().decode("latin-1") for path in written)]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []
    assert "[redacted]" in result.stdout.str()


def test_no_key_reaches_a_journal(suite: Suite) -> None:
    """What waits for the next run is as clean."""
    suite.write(LEAKING, conftest=HOOK)
    with closing(sqlite3.connect(suite.path / "theirs.db")) as database:
        database.execute("CREATE TABLE theirs (x)")

    suite.run("--llm-store=theirs.db")

    (journal,) = suite.path.rglob("*.jsonl")
    text = journal.read_text()
    assert text.count('"event_type"') == 8
    assert [secret for secret in SECRETS if secret in text] == []


def test_the_command_line_is_stored_without_passwords(suite: Suite) -> None:
    """Its options hold the store's URL."""
    suite.write("def test_it(): pass")

    suite.run("--llm-store=calls.db", "-k", f"test_it or {KEY}")

    options = suite.stored("calls.db").run.options
    assert options is not None
    assert KEY not in " ".join(options)


NAMING = f"""
    import pytest
    from ask import POOL, URL, request

    KEY = {KEY!r}

    @pytest.mark.llm_cassette(record="once")
    @pytest.mark.parametrize("key", [KEY])
    def test_recorded(key):
        POOL.request("POST", URL, json=request("gpt-4o-mini"), retries=False)

    @pytest.mark.parametrize("key", [KEY])
    def test_named(key, llm_telemetry):
        asked = request(f"ft:{{key}}-mini")
        asked["messages"][0]["content"] = f"Say {{key}} and {PLAIN}, or call me."
        headers = {{"x-company-token": {PLAIN!r}}}
        with llm_telemetry.tracker(subject_id=key, user_id=f"u-{{key}}", prompt_version=key):
            POOL.request("POST", URL, json=asked, headers=headers, retries=False)
        llm_telemetry.record_event("undo", subject_id=key)
"""


def test_no_key_names_anything(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a cassette, a test, a model or a user; and none is in a reason or in content."""
    monkeypatch.delenv("CI", raising=False)
    suite.pytester.makeini("[pytest]\nllm_store_content = true")
    suite.write(NAMING.replace(PLAIN, "plain-7Rk2vLx9dQ8vZ4"))

    result = suite.run(
        *("-q", "--llm-record-mode=once", "--llm-report=json:run.json"),
        *("--llm-report=markdown:run.md", "--llm-update-baseline", f"--llm-reason=it is {KEY}"),
    )

    result.assert_outcomes(passed=2)
    files = [path for path in suite.path.rglob("*") if path.suffix not in {".py", ".pyc", ".ini"}]
    assert [path for path in files if KEY in str(path)] == []
    (cassette,) = [path for path in files if path.suffix == ".yaml"]
    assert cassette.name == "test_recorded[[redacted]].yaml"
    ours = [path for path in files if path.is_file() and ".pytest_cache" not in path.parts]
    texts = [path.read_bytes().decode("latin-1") for path in ours]
    assert [text for text in texts if KEY in text or "7Rk2vLx9" in text] == []
    assert KEY not in result.stdout.str()
    named = [call for call in suite.stored().calls if "test_named" in str(call.phase_id)]
    assert [call.request_model for call in named] == ["ft:[redacted]"]
    assert "or call me." in str(named[0].request_content)
    assert named[0].subject_id == "[redacted]"
