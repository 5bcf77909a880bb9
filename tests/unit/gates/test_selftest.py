"""The gate proves that it can go red."""

from __future__ import annotations

from tests.unit.gates.sample_gate import NOON, OTHER, TEST, baseline_of, call, estimate, prices

from understudy.gates import METRICS, Gate, Proof, Repricing, selftest
from understudy.gates.baseline import Baseline
from understudy.gates.policy import read_gates


def recorded() -> Baseline:
    """Accept two tests, one with predictions."""
    first, second = call(), call(OTHER, request_model="dear")
    return baseline_of(first, second, call("fixture:client"), estimates=[estimate(first, 90)])


def by_metric(gate: Gate) -> dict[str, Proof]:
    """Run the experiments."""
    return {proof.metric: proof for proof in selftest(gate)}


def test_each_judged_metric_of_each_test_is_made_worse_and_caught() -> None:
    """By the least step."""
    proofs = by_metric(Gate(baseline=recorded(), repricing=Repricing(prices(), NOON)))

    assert all(proof.holds for proof in proofs.values())
    assert set(proofs) == {
        "unchanged", "missing", "no_baseline", "calls", "attempts", "input_tokens",
        "output_tokens", "reasoning_tokens", "cost", "ttfc", "duration", "smape",
    }  # fmt: skip
    assert proofs["cost"].injected == 3
    assert proofs["smape"].injected == 1


def test_a_step_beyond_the_allowance_is_caught() -> None:
    """Ten percent allowed: the injected regression is larger."""
    policy = read_gates({"cost": "+10%", "calls": "off"}, METRICS, where="p")

    proofs = by_metric(Gate(baseline=recorded(), policy=policy))

    assert proofs["cost"].holds
    assert "calls" not in proofs


def test_a_gate_that_is_red_without_a_change_is_said() -> None:
    """A ceiling below the recorded figure."""
    policy = read_gates({"input_tokens": {"max": 1}}, METRICS, where="p")

    proof = by_metric(Gate(baseline=recorded(), policy=policy))["unchanged"]

    assert not proof.holds
    assert TEST in proof.missed


def test_an_empty_baseline_has_nothing_to_prove_it_with() -> None:
    """Only that it is green without figures; the command says so."""
    assert list(by_metric(Gate(baseline=Baseline()))) == ["unchanged"]
