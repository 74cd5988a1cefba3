"""`vn-repair info`: what would run here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from vn_repair import __version__
from vn_repair.cli.options import Model, RulesOnly


def info(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    model: Model = None,
    rules_only: RulesOnly = False,
) -> int:
    """Print what would run here.

    Version, model with its checksum, backend, device, and the detectors that are on.
    """
    from vn_repair.pipeline import Repairer

    facts = {"version": __version__, **Repairer(model, rules_only=rules_only).info()}
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        for line in plain(facts):
            print(line)
    return 0


def plain(facts: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """`name: value` lines; the parts of a value that has parts are indented below its name."""
    for name, value in facts.items():
        if isinstance(value, dict):
            yield f"{prefix}{name}:"
            yield from plain(value, prefix + "  ")
        elif isinstance(value, list | tuple):
            yield f"{prefix}{name} ({len(value)}):"
            for item in value:
                yield from plain(item, prefix + "  ") if isinstance(item, dict) else [f"{prefix}  {item}"]
        else:
            yield f"{prefix}{name}: {value}"
