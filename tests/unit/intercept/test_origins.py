"""Where an error came from."""

from __future__ import annotations

import httpx
import pytest

from understudy.intercept._origins import saw_network


def live_error() -> Exception:
    """Return the error of a port that nobody listens on."""
    with pytest.raises(httpx.ConnectError) as caught:
        httpx.post("http://127.0.0.1:9/")
    return caught.value


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """Return an error that was raised here."""
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value


def test_an_error_of_the_network_was_in_its_code() -> None:
    """Whatever a client makes of it."""
    assert saw_network(live_error())
    assert saw_network(raised(RuntimeError("gave up"), cause=live_error()))


def test_so_was_what_is_raised_while_one_is_handled() -> None:
    """By a transport that tries again, and gives up."""
    error = RuntimeError("gave up")
    error.__context__ = live_error()

    assert saw_network(error)


def test_a_chain_that_bites_its_tail_has_an_end() -> None:
    """Anybody may set a cause."""
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__cause__, other.__cause__ = other, one

    assert not saw_network(one)


def test_an_error_that_is_made_up_was_not() -> None:
    """Even one that is called like the network's."""
    assert not saw_network(raised(httpx.ConnectError("made up")))
    assert not saw_network(httpx.ReadTimeout("never raised"))
