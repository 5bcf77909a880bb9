"""Reading journals back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from understudy.durable import JournalLines

_LINES = st.lists(st.binary(min_size=1).filter(lambda line: b"\n" not in line))


@given(lines=_LINES, data=st.data())
def test_a_journal_cut_off_anywhere_gives_its_whole_lines(
    lines: list[bytes], data: st.DataObject
) -> None:
    """What is left of the line that was being written is counted and left out."""
    content = b"".join(line + b"\n" for line in lines)
    kept = content[: data.draw(st.integers(0, len(content)))]
    with TemporaryDirectory() as folder:
        path = Path(folder, "main.jsonl")
        path.write_bytes(kept)
        journal = JournalLines(path)

        found = list(journal)

    assert found == lines[: kept.count(b"\n")]
    assert journal.torn == (0 if kept.endswith(b"\n") or not kept else 1)


def test_reading_twice_counts_the_torn_line_once(tmp_path: Path) -> None:
    """Each iteration starts from the first line."""
    path = tmp_path / "main.jsonl"
    path.write_bytes(b"whole\n\ntorn")
    journal = JournalLines(path)

    first, second = list(journal), list(journal)

    assert first == second == [b"whole"]
    assert journal.torn == 1
