"""Writing: a cassette's file, its text, and what keeps it whole among processes."""

from __future__ import annotations

from ._cassette_file import CassetteFile
from ._recording import RecordingJournal
from ._rewrite import load_interactions, rewrite

__all__ = ["CassetteFile", "RecordingJournal", "load_interactions", "rewrite"]
