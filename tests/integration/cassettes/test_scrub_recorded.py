"""Scrubbing real recordings of others takes headers and secrets, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import copyfile

import pytest
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from understudy.cassettes import load_interactions
from understudy.cassettes.secrets import SecretsRedactor, scan, scrub
from understudy.errors import CassetteError
from understudy.wire import decoded_body

DATA = Path(os.environ.get("UNDERSTUDY_TEST_DATA", Path(__file__).parents[3] / "../shared/data"))
#: All of them take a while; each tenth is of every project.
FILES = sorted((DATA / "cassettes").rglob("*.yaml"))[::10]

#: It holds the signed address of an image, below the folder of an organisation.
SIGNED = frozenset({"test_image_gen_metrics.yaml"})

pytestmark = pytest.mark.skipif(not FILES, reason="recorded traffic is not here")


def bodies(path: Path) -> list[tuple[bytes, bytes]]:
    """Return the decoded bodies of all interactions."""
    return [
        (
            decoded_body(each.request.plain().headers, each.request.body),
            decoded_body(each.response.plain().headers, each.response.body),
        )
        for each in load_interactions(path)
    ]


def test_real_recordings_keep_their_bodies(tmp_path: Path) -> None:
    """Byte for byte; vcrpy reads them as before, and the scan finds nothing more."""
    redactor = SecretsRedactor()
    for number, original in enumerate(FILES):
        path = tmp_path / f"{number}.yaml"
        copyfile(original, path)
        path.chmod(0o644)

        try:
            scrub(path, redactor, state=tmp_path / "state")
        except CassetteError as error:
            assert "can be played, but not be added to" in str(error)  # noqa: PT017
            continue

        deserialize(path.read_text(encoding="utf-8"), yamlserializer)
        assert scan(path, path.read_bytes(), redactor.finder) == []
        if original.name not in SIGNED:
            assert bodies(path) == bodies(original)
