"""Libraries that are imported while the taps are installed, in an interpreter of their own."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

needs_httpx2 = pytest.mark.skipif(find_spec("httpx2") is None, reason="not installed")


def run(script: str) -> str:
    """Run `script` after the taps are installed, and return what it prints."""
    setup = (
        "import sys\n"
        "from tests.support.watcher import Watcher\n"
        "from understudy.intercept import Taps\n"
        "watcher = Watcher()\n"
        "taps = Taps(watcher)\n"
        "taps.install()\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", setup + script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_taps_import_no_library_themselves() -> None:
    """Installing them and taking them away again imports nothing."""
    script = """
libraries = {"httpx", "httpx2", "aiohttp", "urllib3", "requests", "vcr", "respx", "pydantic"}
taps.uninstall()
print(sorted(libraries & set(sys.modules)))
"""
    assert run(script) == "[]"


@pytest.mark.parametrize(
    "script",
    [
        "import httpx as library",
        pytest.param("import httpx2 as library", marks=needs_httpx2),
        pytest.param(
            "import httpx2; httpx2.alias_httpx(); import httpx as library", marks=needs_httpx2
        ),
        pytest.param(
            "import httpx2; httpx2.alias_httpx(); import httpx._client; import httpx as library",
            marks=needs_httpx2,
        ),
    ],
)
def test_httpx_imported_later_is_tapped_once(script: str) -> None:
    """Whatever name it comes under; afterwards its client is as it was made."""
    script += """
transport = library.MockTransport(lambda _: library.Response(200))
library.Client(transport=transport).post("http://x/")
print(len(watcher.watched), len(watcher.faults))
tapped = library.Client._send_single_request
taps.uninstall()
print(library.Client._send_single_request is tapped.__wrapped__)
"""
    assert run(script).split() == ["1", "0", "True"]


def test_module_that_is_reloaded_is_tapped_again() -> None:
    """A reload makes new classes, and leaves none of them patched at the end."""
    script = """
import importlib
import aiohttp.client
first = aiohttp.client.ClientSession
importlib.reload(aiohttp.client)
second = aiohttp.client.ClientSession
assert first is not second
during = [hasattr(made._request, "__wrapped__") for made in (first, second)]
taps.uninstall()
after = [hasattr(made._request, "__wrapped__") for made in (first, second)]
print(during, after, watcher.faults)
"""
    assert run(script) == "[True, True] [False, False] []"


def test_libraries_imported_by_many_threads_at_once_are_tapped() -> None:
    """Each once, whoever imports it first."""
    script = """
import importlib, threading
names = ["httpx", "aiohttp", "urllib3", "requests", "vcr"] * 4
threads = [threading.Thread(target=importlib.import_module, args=[name]) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
import httpx, aiohttp, urllib3.connectionpool
print(
    hasattr(httpx.Client._send_single_request, "__wrapped__"),
    hasattr(aiohttp.ClientSession._request, "__wrapped__"),
    hasattr(urllib3.connectionpool.HTTPConnectionPool._make_request, "__wrapped__"),
    watcher.faults,
)
"""
    assert run(script) == "True True True []"
