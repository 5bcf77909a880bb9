"""`understudy baseline selftest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import counted
from ...gates import Proof, selftest
from .._command import answer
from ._stored import baselines_of, gate_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator


def run(arguments: argparse.Namespace) -> int:
    """Print what the gate said to each injected regression; 1 where it was green, 2 without any."""
    gate = gate_of(arguments, baselines_of(arguments))
    proofs = selftest(gate) if gate.baseline.tests else []
    found = [
        {
            "metric": proof.metric,
            "injected": proof.injected,
            "missed": list(proof.missed),
            "holds": proof.holds,
        }
        for proof in proofs
    ]
    nothing = [f"no figures in {arguments.baseline} to make worse"]
    answer(arguments, found, list(_lines(proofs)) or nothing)
    return int(not all(proof.holds for proof in proofs)) if proofs else 2


def _lines(proofs: Iterable[Proof]) -> Iterator[str]:
    for proof in proofs:
        wanted = "green" if proof.metric == "unchanged" else "red"
        tests = counted(proof.injected, "test")
        answer = f"{wanted}, as it must be" if proof.holds else f"not {wanted} in {proof.missed[0]}"
        yield f"{'ok' if proof.holds else 'BROKEN':<8}{proof.metric:<20}{tests:<12}{answer}"
