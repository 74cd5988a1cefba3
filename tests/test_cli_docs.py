"""Every command and option stands in README.md, and in its help; help and version answer quickly."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from vn_repair import __version__
from vn_repair.cli import app, run

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def section(command: str) -> str:
    """README's section on a command, from its heading to the next."""
    found = re.search(rf"^### `vn-repair {command}\b.*?(?=^##)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no section on vn-repair {command}"
    return found.group()


def options() -> list[Any]:
    out = []
    for name, command in COMMANDS.items():
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    out.append(pytest.param(name, parameter, option, id=f"{name} {option}"))
    return out


@pytest.mark.parametrize(("command", "parameter", "option"), options())
def test_option_is_documented(command: str, parameter: Any, option: str) -> None:
    assert re.search(rf"`{option}\b", section(command)), f"README.md does not say what {command} {option} does"
    assert parameter.help


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_command_has_help(command: str) -> None:
    assert COMMANDS[command].help


def test_readme_documents_no_option_that_does_not_exist() -> None:
    known = {option for command in COMMANDS.values() for p in command.params for option in p.opts}
    for command in COMMANDS:
        for option in re.findall(r"^\| `(--[a-z-]+)", section(command), re.MULTILINE):
            assert option in known, option
    documented = set(re.findall(r"^### `vn-repair ([a-z]+)", README, re.MULTILINE))
    assert documented == set(COMMANDS)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"vn-repair {__version__}\n"


def processor_seconds() -> float:
    """Seconds that finished child processes have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("arguments", [["--help"], ["repair", "--help"]])
def test_help_answers_at_once(arguments: list[str]) -> None:
    seconds = []
    for _ in range(3):  # the best of three, in processor time: other processes may be busy
        start = processor_seconds()
        done = subprocess.run([sys.executable, "-m", "vn_repair.cli", *arguments], capture_output=True, text=True,
                              check=True, cwd=ROOT)
        seconds.append(processor_seconds() - start)
        assert "Usage: vn-repair" in done.stdout
    assert min(seconds) < 0.5


def test_nothing_heavy_is_imported_for_help() -> None:
    code = "import sys, vn_repair.cli; vn_repair.cli.run(['detect', '--help']); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"ctranslate2", "sentencepiece", "datasets", "underthesea", "jinja2", "numpy", "torch",
                         "trafilatura", "ftfy", "vn_repair.pipeline", "vn_repair.read"}
