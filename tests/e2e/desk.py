"""A browser's window on a review server, and what the tests ask of it again and again."""

from __future__ import annotations

import time
from typing import Any

from review_records import TEXT, place

WAIT = 60_000  # milliseconds; a machine may be busy
PHONE = {"width": 390, "height": 844}


def key(words: str) -> str:
    return "{}-{}".format(*place(TEXT, words))


class Desk:
    """A browser's window on a server; nothing it asks for may lie elsewhere, and no script may fail."""

    def __init__(self, browser: Any, server: Any, **context: Any) -> None:
        self.server = server
        self.context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1366, "height": 800}, **context})
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page = self.open(server.url)
        until(self.page, "() => document.body.dataset.loading === '0'")

    def open(self, url: str) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if "Content Security" in m.text else None)
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(url)
        return page

    def article(self, number: int = 1) -> Any:
        self.page.goto(f"{self.server.root}/articles/{number}")
        self.page.wait_for_selector(".card, .none")
        return self.page

    def close(self) -> None:
        assert not self.errors
        assert all(url.startswith((self.server.root, "about:", "data:")) for url in self.asked), self.asked
        self.context.close()


def until(page: Any, function: str, arg: Any = None) -> None:
    """Ask the page again and again, as `wait_for_function` cannot where scripts may not be evaluated (CSP)."""
    end = time.monotonic() + WAIT / 1000
    while not page.evaluate(function, arg):
        assert time.monotonic() < end, function
        page.wait_for_timeout(50)


def corrected(page: Any, row: int = 1) -> str:
    return page.locator(f"#row-{row} .corrected p").inner_text()


def said(page: Any, words: str) -> None:
    until(page, "w => document.getElementById('notice').textContent.includes(w)", arg=words)


def button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def current(page: Any) -> str:
    return page.locator("mark.m.current").first.get_attribute("data-item")
