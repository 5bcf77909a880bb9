"""The cassette: recorded interactions that answer requests, and the new ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self

from ..clock import utc_now
from ..errors import CassetteError, CassetteNotSavedError, counted
from ._cassette_file import CassetteFile
from ._contents import Contents
from ._interaction import Expired, Interaction, RecordedRequest, RecordedResponse, expired
from ._interaction_index import InteractionIndex
from ._settings import RecordMode
from ._state import RecordingJournal
from ._stored_interaction import StoredInteraction
from ._treatment import Treatment
from .matching import Hit, KeyMaker, Matching, Miss, MissAction, MissReason, explain

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from .matching import Explanation, Keys


class Cassette:
    """One open cassette; threads may share it.

    It records and plays as vcrpy's does in each record mode. Equal requests get their
    recordings in order, each once; `allow_playback_repeats` then repeats the last.
    """

    def __init__(
        self,
        file: CassetteFile,
        contents: Contents | None,
        *,
        record_mode: RecordMode,
        keys: KeyMaker,
        treatment: Treatment,
        is_new: bool,
    ) -> None:
        self.record_mode = record_mode
        self.missed: list[Miss] = []
        self._file = file
        self._exists = contents is not None
        self._rewound = self._exists and not is_new
        self._keys = keys
        self._treatment = treatment
        self._lock = RLock()
        self._new: list[tuple[int, int, StoredInteraction]] = []
        self._tickets = count()
        self._closed = False
        self._journal = RecordingJournal(file.state, record_mode)
        stored = (contents or Contents()).stored
        self._index = InteractionIndex(stored, keys)
        re_records = record_mode is RecordMode.ALL
        self._old = frozenset(each.identity for each in stored if re_records)
        if not self.write_protected:
            self._journal.open()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        record_mode: RecordMode | str = RecordMode.NONE,
        matching: Matching | None = None,
        treatment: Treatment | None = None,
        state: Path | None = None,
    ) -> Self:
        """Open the cassette at `path`; where there is no file, it is an empty one.

        `state` is the folder for locks, journals and compiled forms; default `.understudy`
        beside the file.

        Raises:
            CassetteError: the file is none that can be played, or in a recording mode none
                that can be added to. It stays as it is. Or `treatment` found what must not be
                there in what a killed process left.
            UnknownNameError, SettingsError: the record mode or the matching is wrong.
        """
        mode, treatment = RecordMode.named(record_mode), treatment or Treatment()
        keys = KeyMaker(matching or Matching(), treatment.redactor)
        if "\0" in str(path):
            msg = f"{path}: cannot be read: no file has such a name"
            raise CassetteError(msg)
        file = CassetteFile(Path(path), keys, state)
        contents = file.read()
        if file.recovered is not None and treatment.after_save is not None:
            treatment.after_save(file.path, file.recovered)
        is_new = mode is RecordMode.ONCE and file.state.is_recorded(mode)
        cassette = cls(
            file, contents, record_mode=mode, keys=keys, treatment=treatment, is_new=is_new
        )
        if contents is not None and not (contents.is_writable or cassette.write_protected):
            cassette.close()
            msg = f"{path}: is of a form that can be played, but not be added to"
            raise CassetteError(msg)
        return cassette

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    @property
    def write_protected(self) -> bool:
        """Whether nothing may be recorded: `none`, and `once` where there was a file."""
        once = self.record_mode is RecordMode.ONCE
        return self.record_mode is RecordMode.NONE or (once and self._rewound)

    def find(self, request: RecordedRequest) -> Hit | Miss:
        """Return the recording that answers a request, and play it; or why there is none."""
        redacted = self._keys.redacted(request)
        if redacted is None:
            return self._miss(MissAction.IGNORE, MissReason.IGNORED, request, None)
        keys = self._keys.keys(redacted)
        with self._lock:
            place = self._index.take(keys, redacted) if self._can_play else None
            if place is not None:
                found = self._index[place]
                changed = self._keys.asks_otherwise(redacted, found.request)
                return Hit(place, found, changed)
            action = MissAction.REFUSE if self.write_protected else MissAction.RECORD
            miss = self._miss(action, self._reason(keys), redacted, keys)
            if action is MissAction.REFUSE:
                self.missed.append(miss)
            return miss

    def append(
        self, request: RecordedRequest, response: RecordedResponse, *, miss: Miss | None = None
    ) -> Interaction | None:
        """Keep what came for a request that was sent; None where the redactor drops it.

        What is kept is redacted, and on the disk when this returns. `miss` is what `find` said:
        interactions stand in the file in the order in which they were asked for. A closed
        cassette saves what comes late at once.

        Raises:
            CassetteError: the cassette is write-protected.
        """
        if self.write_protected:
            msg = f"{self.path}: is write-protected (record mode {self.record_mode})"
            raise CassetteError(msg)
        if response.recorded_at is None:
            response = replace(response, recorded_at=utc_now().replace(microsecond=0))
        interaction = self._treatment.treated(Interaction(request, response))
        if interaction is None:
            return None
        kept = interaction.request
        keys = miss.keys if miss is not None and miss.request == kept else None
        keys = keys or self._keys.keys(self._keys.redacted(kept) or kept)
        stored = StoredInteraction(keys, interaction=interaction)
        self._journal.append(stored)
        with self._lock:
            turn = next(self._tickets) if miss is None else miss.ticket
            self._new.append((turn, len(self._new), stored))
            self._index.add(stored)
            if self._closed:
                self.save()
        return interaction

    def save(self) -> None:
        """Write what is new to the file, beside what others wrote there meanwhile.

        Raises:
            CassetteError: the file cannot be read any more, or an interaction not be written.
            CassetteNotSavedError: the file cannot be written. It is as before, and the journal
                keeps what is new for the next opening.
        """
        with self._lock:
            if not self._new:
                return
            new = [stored for _, _, stored in sorted(self._new, key=lambda each: each[:2])]
            try:
                text = self._file.add(new, replaceable=self._old)
            except OSError as error:
                msg = f"{self.path}: cannot be written: {error.strerror or error}. {self._kept}"
                raise CassetteNotSavedError(msg) from error
            self._new = []
            self._journal.close()
            if not self._closed:
                self._journal.open()
        if self._treatment.after_save is not None:
            self._treatment.after_save(self.path, text)

    def close(self) -> None:
        """Save, and let go of the file; raises as `save` does, the first time."""
        with self._lock:
            self._closed = True
            try:
                self.save()
            finally:
                self._journal.close(keep=bool(self._new))
                if self._journal.error is None:
                    self._new = []

    def rewind(self) -> None:
        """Make every interaction playable again."""
        with self._lock:
            self._index.rewind()

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """All interactions: those of the file, then those recorded since."""
        return self._where(lambda _: True)

    @property
    def played(self) -> tuple[Interaction, ...]:
        """The interactions that were played, in the order of the file."""
        return self._where(lambda place: self._index.plays[place] > 0)

    @property
    def unplayed(self) -> tuple[Interaction, ...]:
        """The interactions of the file that were not played."""
        index = self._index
        return self._where(lambda place: place < index.loaded and not index.plays[place])

    @property
    def recorded(self) -> tuple[Interaction, ...]:
        """The interactions that were recorded since the cassette was opened."""
        return self._where(lambda place: place >= self._index.loaded)

    @property
    def play_count(self) -> int:
        """How often anything was played."""
        return sum(self._index.plays)

    @property
    def all_played(self) -> bool:
        """Whether every interaction was played."""
        return all(self._index.plays)

    def expired(self, max_age: timedelta, now: datetime) -> Expired | None:
        """Return what is older than `max_age`; None where nothing is, or is known to be."""
        return expired(self.path, self.interactions, max_age, now)

    def __len__(self) -> int:
        return len(self._index)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Cassette {self.path}: {len(self)} interactions, record mode {self.record_mode}>"

    def _where(self, wanted: Callable[[int], bool]) -> tuple[Interaction, ...]:
        with self._lock:
            index = self._index
            return tuple(index[place] for place in range(len(index)) if wanted(place))

    @property
    def _kept(self) -> str:
        """Where the new interactions are while the file does not hold them."""
        what = f"What was recorded ({counted(len(self._new), 'interaction')})"
        if self._journal.error is not None:
            return f"{what} could not all be kept elsewhere either: {self._journal.error}."
        places = " and ".join(map(str, self._journal.places))
        return f"{what} is kept in {places}: the next opening puts it into the file."

    @property
    def _can_play(self) -> bool:
        """What vcrpy says: never in `all`; what was recorded just now only where it repeats."""
        repeats = self._keys.matching.allow_playback_repeats
        return self.record_mode is not RecordMode.ALL and (self._rewound or repeats)

    def _reason(self, keys: Keys) -> MissReason:
        if self.record_mode is RecordMode.ALL:
            return MissReason.RECORD_MODE
        if not self._exists:
            return MissReason.NO_CASSETTE
        return MissReason.ALREADY_PLAYED if self._index.knows(keys) else MissReason.NO_MATCH

    def _miss(
        self, action: MissAction, reason: MissReason, request: RecordedRequest, keys: Keys | None
    ) -> Miss:
        ticket = next(self._tickets)
        return Miss(action, reason, request, keys=keys, ticket=ticket, explain=self._explain)

    def _explain(self, miss: Miss) -> Explanation:
        return explain(miss, self.path, self.interactions, self._index.plays, self._keys)
