"""PostgreSQL's errors in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import errors

from ...errors import StoreError
from .._errors import RefusedRowError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._location import ServerLocation


@contextmanager
def translated(location: ServerLocation) -> Iterator[None]:
    """Raise what psycopg raises as an error of the store at `location`.

    Raises:
        RefusedRowError: a value breaks a constraint or has no form in the database.
        StoreError: anything else.
    """
    try:
        yield
    except (psycopg.IntegrityError, psycopg.DataError, UnicodeEncodeError) as error:
        raise RefusedRowError(one_line(error, location)) from error
    except (errors.LockNotAvailable, errors.QueryCanceled) as error:
        msg = f"the store {location} is locked by another process; try again"
        raise StoreError(msg) from error
    except psycopg.Error as error:
        msg = f"the store {location} cannot be used: {one_line(error, location)}"
        raise StoreError(msg) from error


def one_line(error: Exception, location: ServerLocation) -> str:
    """Return what an error says, in one line and without the password."""
    text = " ".join(str(error).split()).replace(location.url, str(location))
    password = urlsplit(location.url).password
    for secret in {password, unquote(password)} if password else ():
        text = text.replace(secret, "***")
    return text
