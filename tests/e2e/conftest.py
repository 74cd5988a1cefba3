"""A headless Chromium and servers of the review page; the tests are skipped where there is no browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is skipped without a browser, what is long also without `make e2e`."""
    missing = "" if Path(CHROMIUM).is_file() else "no chromium"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        missing = missing or "no playwright"
    for item in items:
        if "tests/e2e" not in str(item.path):
            continue
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"{missing}: see docs/review.md"))
        elif item.get_closest_marker("long") and not os.environ.get("VN_REPAIR_E2E"):
            item.add_marker(pytest.mark.skip(reason="long: run make e2e"))


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "long: runs in make e2e alone")


class Server:
    """`vn-repair review` as a process of its own."""

    def __init__(self, *arguments: str, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "vn_repair.cli", "review", *arguments, "--port", str(port)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=TESTS.parent)
        assert self.process.stdout and self.process.stderr
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.process.stderr.read()

    @property
    def root(self) -> str:
        """The address without the token."""
        return self.url.split("/?")[0]

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.root.rsplit(":", 1)[1])

    def kill(self, with_signal: int = signal.SIGKILL) -> int:
        """End it and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(timeout=15)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers, which are ended after the test."""
    servers: list[Server] = []

    def start(*arguments: str, port: int = 0) -> Server:
        servers.append(Server(*arguments, port=port))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()
        for stream in (server.process.stdout, server.process.stderr):
            if stream:
                stream.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Arguments for a server: three articles, the second one hostile, and a decisions file."""
    from review_records import READABLE, TEXT, hostile, repair, write_records

    path = write_records(tmp_path / "a.repair.jsonl", [repair(), hostile(READABLE), repair("bài-3", "Tin.\n\n" + TEXT)])
    return [str(path), "--decisions", str(tmp_path / "d.db")]


@pytest.fixture
def desk(browser: Any, serve: Callable[..., Any], files: list[str]) -> Iterator[Any]:
    """A window on such a server."""
    from desk import Desk

    made = Desk(browser, serve(*files))
    yield made
    made.close()
