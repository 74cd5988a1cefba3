"""The review page in a real browser: by mouse, by keyboard, through reloads, kills and second windows."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest
from desk import Desk, button, corrected, current, key, said, until


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
    until(page, "() => !document.activeElement.closest('textarea')")  # the form goes with the next card, a moment later
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
