"""The review page in a real browser: who is let in, how it looks, and what it is to a screen reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import PHONE, Desk, button, said, until


@pytest.mark.long
def test_wrong_token(browser: Any, serve: Callable[..., Any], files: list[str]) -> None:
    server = serve(*files)
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    for url in (server.root, f"{server.root}/articles/1", f"{server.root}/?token=wrong"):
        answer = page.goto(url)
        assert answer and answer.status == 403
        assert "Cần địa chỉ có mã" in page.inner_text("main")
    page.goto(server.url)
    assert "token" not in page.url, "the token leaves the address"
    assert "Bài viết" in page.inner_text("h1")
    page.goto(server.root)
    assert page.locator(".name").count()
    context.close()


@pytest.mark.long
def test_list_search_filters_and_language(desk: Desk) -> None:
    page = desk.page
    page.get_by_label("Search articles").fill("hoi nghi tin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    assert page.locator(".name").count() == 1
    page.locator(".name").click()
    page.wait_for_selector(".card")
    assert page.locator("#previous, #next").count() == 0, "its neighbours do not match"
    page.locator("#filter-label").select_option("word_order")
    until(page, "() => document.querySelectorAll('mark.m.dim').length === 3")
    page.get_by_title("Chuyển sang tiếng Việt").click()
    page.wait_for_selector('html[lang="vi"]')
    assert page.get_by_role("button", name="Đánh dấu đã xong").is_visible()


@pytest.mark.long
def test_without_scripts(browser: Any, serve: Callable[..., Any], files: list[str]) -> None:
    server = serve(*files)
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(server.url)
    page.goto(f"{server.root}/articles/1")
    button(page, "Accept").click()
    assert "Accepted." in page.inner_text("#notice") and "NTM kiểu mẫu" in page.inner_text("#row-1 .corrected")
    button(page, "Undo").click()
    assert "NTM kiểu mẫu" not in page.inner_text("#row-1 .corrected")
    context.close()


CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 800}, PHONE], ids=["laptop", "phone"])
def test_looks(browser: Any, serve: Callable[..., Any], files: list[str], scheme: str, viewport: Any) -> None:
    locale = "vi-VN" if scheme == "dark" else "en-US"
    desk = Desk(browser, serve(*files), color_scheme=scheme, viewport=viewport, locale=locale)
    for path in ("/", "/articles/1", "/articles/1?edit=1", "/articles/1?row=1", "/articles/2"):
        desk.page.goto(desk.server.root + path)
        assert desk.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert desk.page.evaluate(CONTRAST) == [], path
        # Nothing sticks out of the panel or the bar, and nothing in the bar covers its neighbour.
        assert desk.page.evaluate("""() => [...document.querySelectorAll('#panel, .bar, .card')]
            .every((e) => e.scrollWidth <= e.clientWidth)"""), path
        assert desk.page.evaluate("""() => {
            const boxes = [...document.querySelectorAll('.bar .brand, .place, .tools > *')]
                .map((e) => e.getBoundingClientRect()).filter((box) => box.width);
            return boxes.every((box, i) => !i || box.left >= boxes[i - 1].right - 1);
        }"""), path
        dark = desk.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 100")
        assert dark == (scheme == "dark")
    page = desk.article()
    box = page.locator('.decide [data-key="a"]').bounding_box()
    assert box and box["y"] + box["height"] <= viewport["height"] and box["height"] >= 36, "in reach without scrolling"
    mark = page.locator("mark.m.current").first.bounding_box()
    assert mark and mark["y"] > 50
    if viewport is PHONE:
        panel = page.locator("#panel").bounding_box()
        assert mark["y"] + mark["height"] <= panel["y"], "the item is not under the panel"
    desk.close()


@pytest.mark.long
def test_structure_for_screen_readers(desk: Desk) -> None:
    for path in ("/", "/articles/1"):
        desk.page.goto(desk.server.root + path)
        problems = desk.page.evaluate("""() => {
            const out = [];
            const named = (e) => e.getAttribute('aria-label') || e.getAttribute('aria-labelledby')
                || e.textContent.trim() || (e.labels && e.labels.length) || e.title;
            for (const e of document.querySelectorAll('button, a, select, input:not([type=hidden]), textarea, [role]'))
                if (!named(e) && e.id !== 'notice') out.push(e.outerHTML.slice(0, 90));
            for (const tag of ['main', 'h1']) if (document.querySelectorAll(tag).length !== 1) out.push(tag);
            const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
            for (const id of ids) if (ids.filter((other) => other === id).length > 1) out.push('id ' + id);
            return out;
        }""")
        assert problems == [], path
    page = desk.article()
    assert page.locator("#notice").get_attribute("aria-live") == "polite"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    marks = page.locator("mark.m[role=button]")
    assert "word order, major: “mẫu kiểu NTM”, for review" in [marks.nth(i).get_attribute("aria-label")
                                                               for i in range(marks.count())]
    assert page.locator('mark.m[tabindex="0"]').count() == 1, "one stop for the Tab key"


@pytest.mark.long
def test_exports_on_the_page(desk: Desk, tmp_path: Path) -> None:
    page = desk.article()
    page.keyboard.press("a")
    said(page, "Accepted.")
    page.goto(desk.server.root)
    with page.expect_download() as started:
        page.get_by_role("link", name="Repair records").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    records = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    assert path.name == "reviewed.repair.jsonl" and len(records) == 3
    assert "NTM kiểu mẫu" in records[0]["vi"]
