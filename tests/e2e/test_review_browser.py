"""The review page in a real browser: by mouse, by keyboard, through reloads, kills and second windows."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from review_records import READABLE, TEXT, hostile, place, repair, write_records

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


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    path = write_records(tmp_path / "a.repair.jsonl", [repair(), hostile(READABLE), repair("bài-3", "Tin.\n\n" + TEXT)])
    return [str(path), "--decisions", str(tmp_path / "d.db")]


@pytest.fixture
def desk(browser: Any, serve: Callable[..., Any], files: list[str]) -> Iterator[Desk]:
    made = Desk(browser, serve(*files))
    yield made
    made.close()


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


def test_by_mouse(desk: Desk) -> None:
    page = desk.article()
    assert current(page) == key("mẫu kiểu NTM"), "the first open item"
    button(page, "Accept").click()
    said(page, "Accepted.")
    assert "Xã đạt NTM kiểu mẫu." in corrected(page)
    assert current(page) == key("enable with variable"), "on to the next open item"
    page.locator(f'.source mark[data-item="{key("mẫu kiểu NTM")}"]').click()
    page.locator(".choice", has_text="mô hình NTM").click()
    until(page, "() => document.querySelector('#row-1 .corrected').textContent.includes('mô hình NTM')")
    button(page, "Write a repair").click()
    page.get_by_label("Replace with").fill("còn thấp")
    page.get_by_role("textbox", name="Note", exact=True).fill("đoán")
    button(page, "Save").click()
    said(page, "No open items are left")
    assert "và còn thấp." in corrected(page)
    assert "0 open" in page.locator("#progress").inner_text()
    button(page, "Undo").click()
    said(page, "Undone.")
    assert "enable with variable" in corrected(page)
    button(page, "Redo").click()
    said(page, "Done again.")
    assert "còn thấp" in corrected(page)


def test_by_keyboard_alone(desk: Desk) -> None:
    page = desk.article()
    page.keyboard.press("k")
    until(page, "k => document.activeElement.dataset.item === k", arg=key("Xã xã"))
    page.keyboard.press("r")
    until(page, "() => document.querySelector('#row-1 .corrected').textContent.includes('Xã xã')")
    until(page, "k => document.activeElement.dataset.item === k", arg=key("mẫu kiểu NTM"))
    page.keyboard.press("2")
    until(page, "() => document.querySelector('#row-1 .corrected').textContent.includes('đạt mẫu NTM')")
    until(page, "k => document.activeElement.dataset.item === k", arg=key("enable with variable"))
    page.keyboard.press("e")
    page.keyboard.type("còn thấp ajk")
    page.keyboard.press("Control+Enter")
    until(page, "() => document.querySelector('#row-1 .corrected').textContent.includes('còn thấp ajk')")
    page.keyboard.press("u")
    said(page, "Undone.")
    page.keyboard.press("Shift+U")
    said(page, "Done again.")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    page.keyboard.press("d")
    said(page, "Article marked as done.")
    page.keyboard.press("]")
    page.wait_for_url("**/articles/2*")
    page.keyboard.press("l")
    page.wait_for_selector("#list")
    assert "✓ done" in page.locator(".articles li").first.inner_text()


@pytest.mark.long
def test_shortcuts_can_be_switched_off(desk: Desk) -> None:
    page = desk.article()
    page.keyboard.press("?")
    page.get_by_label("Use single-letter shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert "0 of 4 decided" in page.locator("#progress").inner_text()


@pytest.mark.long
def test_words_without_a_mark_and_a_translation(desk: Desk) -> None:
    page = desk.article()
    run = page.locator("#row-1 .source [data-o]", has_text="Tỷ lệ là")
    box = run.bounding_box()
    page.evaluate("""() => {
        const node = [...document.querySelectorAll('#row-1 .source [data-o]')]
            .find((run) => run.textContent.includes('Tỷ lệ')).firstChild;
        const range = document.createRange();
        const at = node.data.indexOf('Tỷ lệ');
        range.setStart(node, at + 1); range.setEnd(node, at + 4);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }""")
    assert box
    button(page, "Add an edit").click()
    page.wait_for_selector('form.edit[data-new="1"]')
    assert page.get_by_label("Replace with").input_value() == "Tỷ lệ"
    page.get_by_label("Replace with").fill("Tỉ lệ")
    page.locator(".edit select[name=label]").select_option("spelling")
    button(page, "Save").click()
    said(page, "Edit saved.")
    assert "Tỉ lệ là" in corrected(page)
    assert page.locator(f'.source mark.spelling[data-item="{key("Tỷ lệ")}"]').count() == 1
    page.locator("#row-0 [data-translate]").click()
    page.locator("textarea").fill("Meeting on new rural areas")
    button(page, "Save").click()
    said(page, "Translation saved.")
    assert "Meeting on new rural areas" in page.locator("#row-0 .other").inner_text()
    assert "from the text before your changes" in page.locator("#row-1 .other").inner_text()


@pytest.mark.long
def test_a_whole_sentence_without_a_mouse(desk: Desk) -> None:
    page = desk.article()
    page.keyboard.press("n")
    page.wait_for_selector('form.edit[data-new="1"]')
    # What is to be edited is the corrected sentence.
    assert page.get_by_label("Replace with").input_value() == "Xã đạt mẫu kiểu NTM."
    page.get_by_label("Replace with").fill("Xã đạt chuẩn NTM kiểu mẫu.")
    page.keyboard.press("Control+Enter")
    said(page, "Edit saved.")
    assert corrected(page).startswith("Xã đạt chuẩn NTM kiểu mẫu. Tỷ lệ")
    page.keyboard.press("u")
    said(page, "Undone.")
    assert corrected(page).startswith("Xã đạt mẫu kiểu NTM. Tỷ lệ")


@pytest.mark.long
def test_decisions_survive_reload_and_kill(desk: Desk, serve: Callable[..., Any], files: list[str]) -> None:
    page = desk.article()
    page.keyboard.press("a")
    said(page, "Accepted.")
    page.reload()
    assert "NTM kiểu mẫu" in corrected(page)
    assert current(page) == key("enable with variable"), "the place is kept"
    port = desk.server.port
    desk.server.kill(signal.SIGKILL)
    page.keyboard.press("r")
    said(page, "The server does not answer")
    again = serve(*files, port=port)
    page.keyboard.press("r")
    said(page, "new address")
    page.goto(again.url)
    page.goto(f"{again.root}/articles/1")
    assert "NTM kiểu mẫu" in corrected(page)
    assert button(page, "Undo").is_enabled()
    page.keyboard.press("u")
    said(page, "Undone.")
    assert again.kill(signal.SIGINT) == 0


@pytest.mark.long
def test_two_tabs(desk: Desk) -> None:
    first = desk.article()
    second = desk.open(f"{desk.server.root}/articles/1")
    second.keyboard.press("a")
    said(second, "Accepted.")
    # The other tab hears of it and shows it.
    until(first, "() => document.querySelector('#row-1 .corrected').textContent.includes('NTM kiểu mẫu')")
    # One that has not heard is told when it decides, and nothing is lost.
    first.evaluate("document.body.dataset.version")
    other = desk.context.browser.new_context(locale="en-US")
    stranger = other.new_page()
    stranger.goto(desk.server.url)
    stranger.goto(f"{desk.server.root}/articles/1")
    second.keyboard.press("e")
    second.locator("form.edit textarea").fill("đang gõ dở")
    stranger.keyboard.press("r")
    said(stranger, "Source kept.")
    second.keyboard.press("Control+Enter")
    said(second, "changed in another window")
    assert second.locator("form.edit textarea").input_value() == "đang gõ dở"
    second.keyboard.press("Control+Enter")
    until(second, "() => document.querySelector('#row-1 .corrected').textContent.includes('đang gõ dở')")
    other.close()


def test_hostile_text(desk: Desk) -> None:
    dialogs: list[str] = []
    desk.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = desk.article(2)
    assert page.title() != "owned" and not dialogs
    assert page.locator(".source script, .source img, .card svg, .card script, #panel b b").count() == 0
    assert "document.title='owned'" in page.locator("#row-0 .source").inner_text()
    assert "U+202E" in page.locator("#row-0 .source").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.keyboard.press("a")
    said(page, "Accepted.")
    assert "<svg onload=alert(4)>" in corrected(page, 0)
    # Words after characters that are hidden or of two code units are still found.
    page.evaluate("""() => {
        const runs = [...document.querySelectorAll('#row-0 .source [data-o]')];
        const node = runs[runs.length - 1].firstChild;
        const range = document.createRange();
        range.setStart(node, node.data.length - 4); range.setEnd(node, node.data.length);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }""")
    page.keyboard.press("n")
    page.wait_for_selector('form.edit[data-new="1"]')
    assert page.get_by_label("Replace with").input_value() == "đuôi"
    assert not dialogs


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
