"""The page over HTTP, from a real server: who is let in, what is shown, what is decided, without any script."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from review_records import HOSTILE, TEXT, hostile, many, place, repair

uvicorn = pytest.importorskip("uvicorn")
pytest.importorskip("starlette")

from vn_repair.evaluate.references import load_references  # noqa: E402
from vn_repair.review.app import Review  # noqa: E402
from vn_repair.review.interface import choose_language, words  # noqa: E402
from vn_repair.review.load import Loading  # noqa: E402
from vn_repair.review.serve import open_socket  # noqa: E402
from vn_repair.review.store import Store  # noqa: E402
from vn_repair.write.record import full_record, read_record  # noqa: E402

TOKEN = "a-token-of-the-tests"


class Site:
    """A server on a thread, and a browser of few words."""

    def __init__(self, store: Store) -> None:
        self.store, self.cookie = store, ""
        loading = Loading(store, [], make_repairer=lambda: pytest.fail("nothing is to be repaired"))
        self.sock = open_socket(0)
        self.port = self.sock.getsockname()[1]
        self.server = uvicorn.Server(uvicorn.Config(Review(store, loading, "An").app(TOKEN), log_level="warning",
                                                    lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.sock]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def ask(self, path: str, method: str = "GET", body: Any = None,
            **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie, "Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, dict):
            body = urlencode(body)
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content.decode("utf-8", "replace")

    def log_in(self) -> None:
        status, headers, _ = self.ask(f"/?token={TOKEN}&state=open")
        assert (status, headers["location"]) == (303, "/?state=open")
        assert "HttpOnly" in headers["set-cookie"] and "SameSite=strict" in headers["set-cookie"]
        self.cookie = headers["set-cookie"].split(";")[0]

    def post(self, number: int = 1, **fields: Any) -> tuple[int, dict[str, Any]]:
        version = fields.pop("version", self.store.article(number).version)
        status, _, text = self.ask(f"/articles/{number}", "POST", json.dumps({**fields, "version": version}),
                                   Content_Type="application/json", Accept="application/json")
        return status, json.loads(text)


def serve(folder: Path) -> Iterator[Site]:
    store = Store(folder / "d.db")
    store.add([full_record(repair()), full_record(hostile())])
    made = Site(store)
    made.log_in()
    yield made
    made.server.should_exit = True
    made.thread.join(timeout=5)
    store.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server of its own, to decide on."""
    yield from serve(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for all tests that change nothing."""
    yield from serve(tmp_path_factory.mktemp("site"))


def key(words_: str) -> str:
    return "{}-{}".format(*place(TEXT, words_))


@pytest.mark.parametrize(("path", "headers", "wanted"), [
    ("/", {"Cookie": ""}, 403), ("/", {"Cookie": "vn_repair_00000000=x"}, 403), ("/?token=wrong", {"Cookie": ""}, 403),
    ("/articles/1", {"Cookie": ""}, 403), ("/export/records", {"Cookie": ""}, 403), ("/state", {"Cookie": ""}, 403),
    ("/?token=" + "é" * 9, {"Cookie": ""}, 403),
    ("/", {"Host": "evil.example:80"}, 421), ("/", {"Host": "127.0.0.1.evil.example"}, 421), ("/", {"Host": ""}, 421),
    ("/static/base.css", {"Host": "evil.example"}, 421), ("/", {"Host": "[::1"}, 421),
    ("/", {"Host": "localhost"}, 200), ("/", {"Host": "localhost:9999"}, 200), ("/", {"Host": "[::1]:80"}, 200),
    ("/static/base.css", {"Cookie": ""}, 200), ("/static/../app.py", {}, 404), ("/static/%2e%2e/app.py", {}, 404),
    ("/", {}, 200), ("/articles/1", {}, 200), ("/articles/99", {}, 404), ("/articles/x", {}, 404),
    ("/nothing", {}, 404), ("/articles/99/card", {}, 404), ("/export/other", {}, 404),
    ("/articles/1/card?item=9-1", {}, 400),
    ("/articles/1/card?new=0-99999", {}, 400), ("/articles/1/card?new=0-30", {}, 400),
    ("/articles/1/card?row=9", {}, 400), ("/articles/1?item=" + "9" * 50 + "-1", {}, 400),
])
def test_who_is_let_in(untouched: Site, path: str, headers: dict[str, str], wanted: int) -> None:
    status, answered, text = untouched.ask(path.replace("é", "%C3%A9"), **headers)
    assert status == wanted
    if status != 421:
        assert "default-src 'none'" in answered["content-security-policy"]
        assert "unsafe" not in answered["content-security-policy"]
        assert answered["x-content-type-options"] == "nosniff" and answered["x-frame-options"] == "DENY"
    assert TOKEN not in text


@pytest.mark.parametrize("headers", [
    {"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"}, {"Cookie": ""},
])
def test_other_sites_decide_nothing(untouched: Site, headers: dict[str, str]) -> None:
    status, _, _ = untouched.ask("/articles/1", "POST", {"action": "done", "version": "1"}, **headers)
    assert status == 403
    assert not untouched.store.article(1).done


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_script(untouched: Site) -> None:
    for path in ("/", "/articles/1", "/articles/2"):
        _, _, text = untouched.ask(path)
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text)
        assert not re.search(r"<script(?![^>]* src=)", text) and not re.search(r"<[^>]* on\w+=", text)
        assert "<style" not in text and not re.search(r"<[^>]* style=", text)


def test_hostile_text_is_shown_and_harmless(untouched: Site) -> None:
    _, _, text = untouched.ask("/articles/2")
    for raw in ("<script>document", "<script>alert", "<svg onload", "<img src=x", "</button>\0", "<b>x</b>", "\0",
                "\u202e", "\u2066"):
        assert raw not in text
    assert "&lt;script&gt;" in text and "document.title=" in text
    assert all(name in text for name in ("U+202E", "U+0000", "U+D800"))
    assert "{{ 7*7 }}" in text and HOSTILE[-5:] in text
    _, _, listed = untouched.ask("/")
    assert "<b>x</b>" not in listed and "&lt;b&gt;x&lt;/b&gt;" in listed
    for form in ("records", "references", "text"):
        assert untouched.ask(f"/export/{form}")[0] == 200


def test_a_form_decides_without_scripts(site: Site) -> None:
    status, headers, _ = site.ask("/articles/1", "POST", {"action": "accept", "version": "1",
                                                          "item": key("mẫu kiểu NTM"), "q": "an", "junk": "x"})
    assert status == 303
    assert headers["location"] == f"/articles/1?q=an&item={key('enable with variable')}&said=done.accepted"
    assert "Accepted." in site.ask(headers["location"])[2]
    status, headers, _ = site.ask("/articles/1", "POST", {"action": "accept", "version": "1", "item": key("Xã xã")})
    assert status == 303 and headers["location"].endswith("said=error.conflict")


def test_decisions_by_script(site: Site) -> None:
    status, data = site.post(action="accept", item=key("mẫu kiểu NTM"))
    assert status == 200 and data["version"] == 2 and data["undo"] and not data["redo"]
    assert "NTM kiểu mẫu" in data["rows"]["1"]
    status, data = site.post(action="accept", item=key("mẫu kiểu NTM"), choice="2")
    assert list(data["rows"]) == ["1"], "only what changed is sent"
    assert site.store.article(1).decisions[0].replacement == "mô hình NTM"
    status, data = site.post(action="edit", item=key("enable with variable"), replacement="còn\r\nthấp e\u0301",
                             label="mistranslation", severity="minor", evidence="context", note="  chắc  ")
    decision = site.store.article(1).decisions[-1]
    assert (decision.replacement, decision.note, decision.reviewer) == ("còn\nthấp é", "chắc", "An")
    status, data = site.post(action="reject", item=key("Xã xã"))
    assert [i[2] for i in data["items"]] == ["rejected", "accepted", "rejected", "accepted"]
    site.post(action="undo")
    status, data = site.post(action="redo")
    assert data["item"] == key("Xã xã")
    # A new edit, as the page asks for it: part of words becomes words.
    start, end = place(TEXT, "lệ là")
    status, data = site.post(action="edit", item=f"{start + 1}-{end - 1}", replacement="lệ")
    assert status == 200 and any(i[0] == f"{start}-{end}" for i in data["items"])
    # Typing the source's own words is to keep them.
    site.post(action="edit", item=key("enable with variable"), replacement="enable with variable")
    assert site.store.article(1).decisions[-1].verdict == "rejected"
    status, data = site.post(action="translate", row="0", replacement=" Meeting on NTM ")
    assert "Meeting on NTM" in data["rows"]["0"]
    status, data = site.post(action="done")
    assert data["done"] and site.post(action="reopen")[1]["done"] is False


@pytest.mark.parametrize("fields", [
    {"action": "explode"}, {"action": "accept"}, {"action": "accept", "item": "0-1"}, {"action": "accept", "item": "x"},
    {"action": "accept", "item": "5-2"}, {"action": "edit", "item": "0-40", "replacement": "x"},
    {"action": "accept", "item": "43-63", "choice": "99"}, {"action": "edit", "item": "0-4", "label": "no"},
    {"action": "edit", "item": "0-4", "replacement": "x" * 200_000}, {"action": "undo", "version": "x"},
    {"action": "translate", "row": "99"}, {"action": "edit", "item": "0-3", "replacement": "Hội"},
])
def test_bad_requests_are_refused_in_words(untouched: Site, fields: dict[str, Any]) -> None:
    status, data = untouched.post(**fields)
    assert status == 400 and data["error"]
    assert untouched.store.article(1).decisions == ()


def test_bodies_are_limited_and_checked(untouched: Site) -> None:
    for body, kind in ((b"x" * 2_000_000, "application/json"), (b"[1]", "application/json"), (b"{", "application/json"),
                       (b"\xff\xfe", "application/x-www-form-urlencoded"), (b"[" * 100_000, "application/json")):
        assert untouched.ask("/articles/1", "POST", body, Content_Type=kind)[0] == 400


def test_a_window_that_fell_behind_is_told_and_gets_all(site: Site) -> None:
    site.post(action="accept", item=key("mẫu kiểu NTM"))
    status, data = site.post(action="reject", item=key("mẫu kiểu NTM"), version=1)
    assert status == 409 and "another window" in data["error"]
    assert len(data["rows"]) == 3 and data["version"] == 2
    assert json.loads(site.ask("/state?article=1")[2])["version"] == 2


def test_the_interface_speaks_two_languages(untouched: Site) -> None:
    assert '<html lang="en">' in untouched.ask("/")[2]
    status, headers, _ = untouched.ask("/?ui=vi&state=open")
    assert (status, headers["location"]) == (303, "/?state=open")
    vi = untouched.ask("/articles/1", Cookie=f"{untouched.cookie}; {headers['set-cookie'].split(';')[0]}")[2]
    assert '<html lang="vi">' in vi and "Tiếng Việt đã sửa" in vi and "Giữ bản gốc" in vi
    assert choose_language(None, "fr, en;q=0.2, vi;q=0.9") == "vi" and choose_language("en", "vi") == "en"
    assert choose_language(None, "") == "vi" and choose_language(None, "en-GB;q=x, en") == "en"


def test_both_languages_have_the_same_words_and_places() -> None:
    table = {lang: words(lang)._table for lang in ("vi", "en")}
    assert table["vi"].keys() == table["en"].keys()
    for name, text in table["vi"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", table["en"][name])), name


def test_what_is_exported(site: Site, tmp_path: Path) -> None:
    for words_ in ("mẫu kiểu NTM", "Xã xã"):
        site.post(action="accept", item=key(words_))
    path = tmp_path / "r.jsonl"
    assert site.ask("/export/references")[2] == "", "a paragraph with open items is no reference"
    site.post(action="accept", item=key("47.5. %"))
    site.post(action="edit", item=key("enable with variable"), replacement="còn thấp", note="đoán")
    path.write_text(site.ask("/export/references")[2], encoding="utf-8")
    (item,) = load_references(path).items
    assert item.vi_ref == "Xã đạt NTM kiểu mẫu. Tỷ lệ là 475 % hộ và còn thấp."
    assert [s.correction for s in item.spans] == ["Xã", "NTM kiểu mẫu", "475 %", "còn thấp"]
    site.post(action="done")
    path.write_text(site.ask("/export/references")[2], encoding="utf-8")
    assert [i.clean for i in load_references(path).items] == [True, False, True]
    records = [json.loads(row) for row in site.ask("/export/records")[2].splitlines()]
    made = read_record(records[0])
    assert made.vi == TEXT.replace(item.text, item.vi_ref)
    assert records[0]["made_by"]["review"] == {"done": True, "decided": 4, "items": 4}
    assert made.edits[-1].proposer == "person" and made.edits[-1].reasons == ("person: written by An", "person: đoán")
    connection = http.client.HTTPConnection("127.0.0.1", site.port)
    connection.request("GET", "/export/text", headers={"Cookie": site.cookie})
    with zipfile.ZipFile(BytesIO(connection.getresponse().read())) as archive:
        assert archive.read("bài-1.vi.txt").decode() == made.vi


def test_many_articles_come_by_pages(tmp_path: Path) -> None:
    store = Store(tmp_path / "d.db")
    store.add(many(500))
    site = Site(store)
    site.log_in()
    status, _, text = site.ask("/?page=10")
    assert status == 200 and text.count('<li class=""') == 50 and "Page 10 of 10" in text
    assert len(text) < 100_000
    site.server.should_exit = True
    site.thread.join(timeout=5)
