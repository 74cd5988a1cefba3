"""`vn-repair info`: what would run here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from vn_repair import __version__
from vn_repair.cli.options import Config, Model, RulesOnly, settings_of


def info(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    model: Model = None,
    rules_only: RulesOnly = False,
    config: Config = None,
) -> int:
    """Print what would run here.

    Version, model with its checksum, backend, device, settings, and the detectors that are on or off.
    """
    from vn_repair.pipeline import Repairer

    settings = settings_of(config)
    facts = {"version": __version__, **Repairer(model, rules_only=rules_only, settings=settings).info()}
    facts["config"] = settings.source
    facts["detectors_off"] = sorted(set(summaries()) - set(facts["detectors"]))
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        for key in ("detectors", "detectors_off"):
            facts[key] = [f"{name}: {summaries()[name]}" if name in summaries() else name for name in facts[key]]
        for line in plain(facts):
            print(line)
    return 0


def summaries() -> dict[str, str]:
    """What each detector is for, by id, its languages in brackets."""
    from vn_repair.detect.registry import detectors

    return {d.id: f"{d.summary} ({', '.join(sorted(d.languages))})" for d in detectors()}


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
