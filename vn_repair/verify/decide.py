"""Accept, review or reject: what the gates make of an edit."""

from __future__ import annotations

from dataclasses import replace

from vn_repair.types import Edit, Status
from vn_repair.verify.gates import GATES, Case, failures


def decide(case: Case) -> Edit:
    """The case's edit with its status and reasons.

    A failed hard gate rejects, a failed soft gate asks for review; reasons are `gate: why` for
    each failure, and one `passed: …` line.
    """
    failed = list(failures(case))
    names = {gate.name for gate, _ in failed}
    passed = [gate.name for gate in GATES if gate.name not in names]
    status = Status.ACCEPTED
    if failed:
        status = Status.REJECTED if any(gate.hard for gate, _ in failed) else Status.REVIEW
    reasons = [f"{gate.name}: {why}" for gate, why in failed]
    if passed:
        reasons.append("passed: " + ", ".join(passed))
    return replace(case.edit, status=status, reasons=tuple(reasons))


def choose(cases: list[Case]) -> Edit:
    """Of several candidates for one place, the first accepted one, else the first for review, else the first.

    The other candidates become the edit's `alternatives`.
    """
    decided = [decide(case) for case in cases]
    order = (Status.ACCEPTED, Status.REVIEW, Status.REJECTED)
    best = min(decided, key=lambda e: (order.index(e.status), decided.index(e)))
    others = tuple((e.replacement, e.score) for e in decided if e is not best)
    return replace(best, alternatives=others)
