"""Cassettes: recorded requests and responses, in vcrpy's files."""

from ._cassette import Cassette
from ._cassette_file import load_interactions, rewrite
from ._file import CASSETTES, files_below
from ._interaction import (
    NO_ANSWER,
    Expired,
    Headers,
    Interaction,
    RecordedError,
    RecordedRequest,
    RecordedResponse,
    recorded_at,
)
from ._settings import CassetteSettings, OnExpiry, RecordMode, read_cassette_settings
from ._timing import Part, Timing, Unit
from ._treatment import Redactor, Treatment
from .matching import Hit, Matcher, Matching, Miss, MissAction, MissReason, Nearest

__all__ = [
    "CASSETTES",
    "NO_ANSWER",
    "Cassette",
    "CassetteSettings",
    "Expired",
    "Headers",
    "Hit",
    "Interaction",
    "Matcher",
    "Matching",
    "Miss",
    "MissAction",
    "MissReason",
    "Nearest",
    "OnExpiry",
    "Part",
    "RecordMode",
    "RecordedError",
    "RecordedRequest",
    "RecordedResponse",
    "Redactor",
    "Timing",
    "Treatment",
    "Unit",
    "files_below",
    "load_interactions",
    "read_cassette_settings",
    "recorded_at",
    "rewrite",
]
