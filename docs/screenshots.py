"""Make the screenshots in docs/images: the report and the review page, from the seed articles, in headless Chromium.

    python docs/screenshots.py [--records OUT]

`--records` is a folder that `vn-repair repair seeds/*.txt --output OUT` wrote; without it the seeds are repaired first.
Needs the extras `review` and `e2e`, and Chromium (`CHROMIUM` names its path if it is not `chromium`).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars"]
ARTICLE = "002_8e0d3666a40ef5d6"
LAPTOP, PHONE = {"width": 1366, "height": 820}, {"width": 390, "height": 844}
WAIT = 120_000  # milliseconds


def main() -> None:
    """Repair the seeds if need be, serve them, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = given.records or Path(folder) / "out"
        if not given.records:
            seeds = sorted(map(str, (ROOT / "seeds").glob("*.txt")))
            subprocess.run([*command("repair"), *seeds, "--output", str(out)], check=True, cwd=ROOT)
        records = sorted(map(str, out.glob("*.repair.jsonl")))
        decisions = f"{folder}/decisions.db"
        server = subprocess.Popen([*command("review"), *records, "--port", "0", "--decisions", decisions],
                                  stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert server.stdout is not None
        try:
            take(server.stdout.readline().strip(), out)
        finally:
            server.kill()
            server.wait()


def command(name: str) -> list[str]:
    """The command line of `vn-repair name` with this interpreter."""
    return [sys.executable, "-m", "vn_repair.cli", name]


def take(url: str, out: Path) -> None:
    """All pictures."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=WAIT)
        page = browser.new_context(viewport=LAPTOP, locale="en-US").new_page()
        page.set_default_timeout(WAIT)
        page.goto((out / f"{ARTICLE}.report.html").resolve().as_uri())
        shot(page, "report")
        page.goto(url)
        page.locator('body[data-loading="0"]').wait_for()
        address = article_address(page)
        page.goto(address)
        decide(page)
        page.wait_for_timeout(5000)  # the notice fades
        shot(page, "review-article")
        page.keyboard.press("e")
        shot(page, "review-edit")
        page.keyboard.press("Escape")
        page.goto(url.split("?", maxsplit=1)[0])
        shot(page, "review-list")
        state = page.context.storage_state()
        browser.close()

        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=WAIT)
        dark = browser.new_context(viewport=LAPTOP, locale="vi-VN", color_scheme="dark", storage_state=state).new_page()
        dark.set_default_timeout(WAIT)
        dark.goto(address)
        shot(dark, "review-dark-vi")
        phone = browser.new_context(viewport=PHONE, locale="vi-VN", device_scale_factor=2,
                                    storage_state=state).new_page()
        phone.set_default_timeout(WAIT)
        phone.goto(address)
        shot(phone, "review-phone-vi")
        browser.close()


def article_address(page: Any) -> str:
    """The address of the article that the pictures show."""
    link = page.locator("li", has_text=ARTICLE).locator("a.name")
    return str(page.evaluate("e => e.href", link.element_handle()))


def decide(page: Any) -> None:
    """A few decisions, so that the pictures show some."""
    items = [item[0] for item in json.loads(page.locator("body").get_attribute("data-items"))]
    for count, item in enumerate(items[:6], 1):
        page.goto(f"{page.url.split('?')[0]}?item={item}")
        page.locator('.decide [data-key="a"], .decide [data-key="r"]').first.click()
        page.locator("#progress", has_text=f"{count} of").wait_for()


def shot(page: Any, name: str) -> None:
    """One picture."""
    page.wait_for_timeout(400)
    page.screenshot(path=str(IMAGES / f"{name}.png"))
    print(f"wrote docs/images/{name}.png", file=sys.stderr)


if __name__ == "__main__":
    main()
