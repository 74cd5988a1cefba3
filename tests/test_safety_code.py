"""What the package's own code never does: run other code, load pickles, start programs, open connections unasked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "vn_repair").rglob("*.py"))
SCRIPTS = sorted(p for folder in ("eval", "corpora") for p in (ROOT / folder).rglob("*.py"))

FORBIDDEN_MODULES = frozenset("""
pickle cPickle dill cloudpickle joblib shelve marshal subprocess pty code codeop xml.etree.ElementTree xml.sax
xml.dom.minidom telnetlib ftplib smtplib
""".split())
FORBIDDEN_CALLS = frozenset("""
eval exec compile __import__ os.system os.popen os.execv os.spawnv yaml.load yaml.unsafe_load yaml.full_load
pickle.loads pd.read_pickle tempfile.mktemp
""".split())
NETWORK = frozenset("""
socket ssl http http.client http.server urllib.request urllib3 requests httpx aiohttp socketserver asyncio
wsgiref.simple_server huggingface_hub webbrowser flask uvicorn starlette fastapi
""".split())
# Modules that may import something from NETWORK, each with the option by which its user asks for it.
MAY_CONNECT = {
    "vn_repair/propose/endpoint.py": "a proposer endpoint:MODEL@URL is named",
    "vn_repair/review/": "vn-repair review serves pages on this machine",
    "vn_repair/cli/review.py": "vn-repair review serves pages on this machine",
    "vn_repair/export/push.py": "vn-repair export --push sends a data set to the Hugging Face Hub",
    "vn_repair/export/card.py": "writes the Hub's data card with the Hub's own class, which sends nothing",
}
# HTML put together from parts that were escaped one by one; tests of these modules hold hostile text against it.
OWN_HTML = ("vn_repair/review/", "vn_repair/evaluate/leaderboard_pages.py", "vn_repair/evaluate/sensitivity.py")
# Templates of Markdown, where HTML escapes would show.
MARKDOWN = ("vn_repair/export/card.py",)


def name(node: ast.expr) -> str:
    """`a.b.c` for such an expression, else ``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = name(node.value)
        return f"{base}.{node.attr}" if base else node.attr
    return ""


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def unsafe(source: str, path: str = "module.py") -> list[str]:
    """`line: what` of all that is forbidden in a module."""
    tree = ast.parse(source)
    found = []
    allowed = any(path.startswith(known) for known in MAY_CONNECT)
    for line, module in imports(tree):
        parts = [module.rsplit(".", n)[0] for n in range(module.count(".") + 1)]
        if any(p in FORBIDDEN_MODULES for p in parts):
            found.append(f"{line}: import {module}")
        if any(p in NETWORK for p in parts) and not allowed:
            found.append(f"{line}: import {module}")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = name(node.func)
        options = {k.arg: k.value for k in node.keywords}
        if called in FORBIDDEN_CALLS or called.endswith(".unsafe_load"):
            found.append(f"{node.lineno}: {called}")
        if called.endswith("torch.load") and not _is(options.get("weights_only"), True):
            found.append(f"{node.lineno}: torch.load without weights_only=True")
        if "allow_pickle" in options and not _is(options["allow_pickle"], False):
            found.append(f"{node.lineno}: allow_pickle")
        if "shell" in options and not _is(options["shell"], False):
            found.append(f"{node.lineno}: shell")
        if "trust_remote_code" in options and not _is(options["trust_remote_code"], False):
            found.append(f"{node.lineno}: trust_remote_code")
        escaping = _is(options.get("autoescape"), True) or path.startswith(MARKDOWN)
        if called.endswith("Environment") and not escaping:
            found.append(f"{node.lineno}: a template without autoescape")
        constant = all(isinstance(argument, ast.Constant) for argument in node.args) or path.startswith(OWN_HTML)
        if called.rsplit(".", 1)[-1] == "Markup" and not constant:
            found.append(f"{node.lineno}: Markup of something that is no constant")
        if called.endswith(("extractall", "chmod")):
            found.append(f"{node.lineno}: {called}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "trust_remote_code" and not _is(value, False):
                    found.append(f"{node.lineno}: trust_remote_code")
    return found


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


@pytest.mark.parametrize("path", PACKAGE, ids=lambda p: str(p.relative_to(ROOT / "vn_repair")))
def test_a_module_does_nothing_unsafe(path: Path) -> None:
    assert unsafe(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_script_runs_no_code_that_it_read(path: Path) -> None:
    """Scripts of the repository measure and build, so they may start programs and time others; no more than that."""
    allowed = ("subprocess", *NETWORK)
    assert [u for u in unsafe(path.read_text(encoding="utf-8")) if not u.split("import ")[-1].startswith(allowed)] == []


@pytest.mark.parametrize("source", [
    "import pickle", "from pickle import loads", "import joblib", "eval('1')", "exec('1')", "import subprocess",
    "import yaml\nyaml.load(text)", "torch.load(path)", "torch.load(path, weights_only=False)",
    "subprocess.run(x, shell=True)", "Model.from_pretrained(x, trust_remote_code=True)",
    "Model.from_pretrained(x, trust_remote_code=asked)", "options = {'trust_remote_code': True}", "import socket",
    "import urllib.request", "from urllib import request", "from urllib.request import urlopen", "import requests",
    "from http.client import HTTPConnection", "Environment(loader=x)", "Environment(loader=x, autoescape=False)",
    "Markup(text)", "archive.extractall(folder)", "import huggingface_hub", "os.system('ls')",
    "np.load(path, allow_pickle=True)", "__import__('os')",
])
def test_what_is_unsafe_is_noticed(source: str) -> None:
    assert unsafe(source)


@pytest.mark.parametrize("source", [
    "import re\nre.compile('a')", "yaml.safe_load(text)", "torch.load(path, weights_only=True)", "model.eval()",
    "from urllib.parse import quote", "Markup('<b>{}</b>').format(text)", "Environment(loader=x, autoescape=True)",
    "options = {'trust_remote_code': False}", "import json",
])
def test_what_is_safe_is_left_alone(source: str) -> None:
    assert unsafe(source) == []
    # … and a module that may connect is let do that alone.
    assert unsafe("import http.client", "vn_repair/propose/endpoint.py") == []
    assert unsafe("import pickle", "vn_repair/propose/endpoint.py")


def test_modules_that_may_connect_are_there() -> None:
    for known in MAY_CONNECT:
        assert (ROOT / known).exists(), known
