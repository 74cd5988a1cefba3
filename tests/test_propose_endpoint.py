"""The chat endpoint against a real HTTP server: good, slow, refusing, talking nonsense."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.propose.endpoint import UNSTATED, EndpointProposer, first_object
from vn_repair.propose.prompts import infill_prompt
from vn_repair.propose.request import Candidate, InfillRequest
from vn_repair.types import InputError

KEY = "key-for-tests"
REQUEST = InfillRequest("Đến nay, trong when tỉnh có 85 xã the commune đạt chuẩn.", ((9, 19), (34, 45)), "vi")


def said(content: Any) -> tuple[int, bytes, dict[str, str]]:
    """A chat completion that says `content`."""
    body = {"choices": [{"message": {"role": "assistant", "content": content}}]}
    return 200, json.dumps(body).encode(), {}


Answer = Callable[[dict[str, Any]], tuple[int, bytes, dict[str, str]]]


@dataclass
class Server:
    """A chat endpoint on this machine; `answer` is called with each request's JSON."""

    answer: Answer
    url: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0


@contextmanager
def serve(answer: Answer) -> Iterator[Server]:
    state, lock = Server(answer), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
            with lock:
                state.seen.append(payload)
                state.headers.append(dict(self.headers))
                state.paths.append(self.path)
                state.busy += 1
                state.busiest = max(state.busiest, state.busy)
            status, body, headers = state.answer(payload)
            with lock:
                state.busy -= 1
            with suppress(BrokenPipeError, ConnectionResetError):  # the caller no longer waits
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def do_GET(self) -> None:
            self.headers["Content-Length"] = "0"
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VN_REPAIR_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def proposer(server: Server, **options: Any) -> EndpointProposer:
    return EndpointProposer(server.url, "m", **{"backoff": 0.01, "timeout": 5.0, **options})


def test_infill_sends_marked_text_at_temperature_zero_and_reads_candidates_in_order() -> None:
    content = {
        "s1": [{"text": "trong khi", "confidence": 0.9}, {"text": "khi", "confidence": 7}, {"text": "trong khi"}],
        "s2": ["xã"],
    }
    with serve(lambda _: said(json.dumps(content))) as server:
        found = proposer(server).infill([REQUEST])
    assert found == [[[Candidate("trong khi", 0.9), Candidate("khi", 1.0)], [Candidate("xã", UNSTATED)]]]
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    sent = server.seen[0]
    assert (sent["model"], sent["temperature"]) == ("m", 0)
    user = sent["messages"][-1]["content"]
    assert user == "Đến nay, ⟦s1⟧trong when⟦/s1⟧ tỉnh có 85 xã ⟦s2⟧the commune⟦/s2⟧ đạt chuẩn."


def test_translations_keep_their_order_and_say_what_was_lost() -> None:
    def answer(payload: dict[str, Any]) -> tuple[int, bytes, dict[str, str]]:
        text = payload["messages"][-1]["content"]
        time.sleep(0.05 if "85" in text else 0.0)
        english = {"Có 85 xã.": "There are communes.", "Xin chào.": "Hello."}[text]
        return said(json.dumps({"translation": {"text": english, "confidence": 0.8}}))

    with serve(answer) as server:
        first, second = proposer(server).translate(["Có 85 xã.", "Xin chào."], "en")
    assert (first.text, first.score, first.lost) == ("There are communes.", 0.8, ("85",))
    assert (second.text, second.lost) == ("Hello.", ())


def test_rewrite_past_thoughts_and_fences() -> None:
    content = '<think>{"rewritings": ["sai"]}</think>Here:\n```json\n{"rewritings": [{"text": "Đúng."}]}\n```'
    with serve(lambda _: said(content)) as server:
        assert proposer(server).rewrite(["Sai."], "vi") == [[Candidate("Đúng.", UNSTATED)]]


@pytest.mark.parametrize(
    "content",
    [
        "I cannot do that.", "", None, "{", '{"s1": ', "[1, 2]", '{"s1": 3, "s2": {}}', '{"s1": [{"text": 5}]}',
        '{"s1": [{"text": "  "}]}', '{"s1": ["⟦s1⟧khi⟦/s1⟧"]}', '{"s1": ["a\\nb"]}', '{"other": ["khi"]}', "{" * 5000,
    ],
)
def test_a_bad_answer_is_no_candidate(content: str | None) -> None:
    with serve(lambda _: said(content)) as server:
        endpoint = proposer(server)
        assert endpoint.infill([REQUEST]) == [[[], []]]
        assert endpoint.rewrite(["Một câu."], "vi") == [[]]
        assert [(t.text, t.lost) for t in endpoint.translate(["Một câu."], "en")] == [("", ("Một câu.",))]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_refused_then_served(status: int) -> None:
    answers = iter([(status, b"busy", {"Retry-After": "0"}), (status, b"", {}), said('{"translation": "Hello."}')])
    with serve(lambda _: next(answers)) as server:
        assert proposer(server).translate(["Xin chào."], "en")[0].text == "Hello."
    assert len(server.seen) == 3


def failure(answer: Answer, **options: Any) -> tuple[str, Server]:
    with serve(answer) as server, pytest.raises(InputError) as caught:
        proposer(server, **options).translate(["Xin chào."], "en")
    assert "\n" not in str(caught.value)
    assert server.url in str(caught.value)
    return str(caught.value), server


def test_tries_end() -> None:
    message, server = failure(lambda _: (429, b"", {}), retries=2)
    assert "status 429 (3 tries)" in message
    assert len(server.seen) == 3


def test_wrong_key_is_not_tried_again_and_never_shown() -> None:
    body = json.dumps({"error": {"message": f"Incorrect API key\nprovided: {KEY}"}}).encode()
    message, server = failure(lambda _: (401, body, {}))
    assert "status 401 (Incorrect API key provided: …); set VN_REPAIR_API_KEY" in message
    assert KEY not in message
    assert len(server.seen) == 1


def test_a_slow_endpoint_runs_out_of_time() -> None:
    message, _ = failure(lambda _: (time.sleep(0.5), said("{}"))[1], timeout=0.1, retries=1)  # type: ignore[func-returns-value]
    assert "no answer within 0.1 s (2 tries)" in message


@pytest.mark.parametrize(
    ("status", "body", "headers", "remedy"),
    [
        (404, b"{}", {}, "check the address"),
        (400, b'{"error": "unknown model"}', {}, "status 400 (unknown model); check the model's name"),
        (307, b"", {"Location": "http://127.0.0.1:9/steal"}, "it points elsewhere"),
        (200, b"<html>login</html>", {}, "the answer is no JSON"),
        (200, b'{"choices": []}', {}, "not as a chat endpoint does"),
    ],
)
def test_failures_name_their_remedy(status: int, body: bytes, headers: dict[str, str], remedy: str) -> None:
    message, server = failure(lambda _: (status, body, headers))
    assert remedy in message
    assert len(server.seen) == 1


def test_nobody_there() -> None:
    with serve(lambda _: said("{}")) as server:
        pass
    with pytest.raises(InputError, match=r"refused \(2 tries\); check the address"):
        proposer(server, retries=1).rewrite(["Một câu."], "vi")


def test_requests_under_way_are_bounded() -> None:
    def answer(_: dict[str, Any]) -> tuple[int, bytes, dict[str, str]]:
        time.sleep(0.03)
        return said('{"translation": "Hello."}')

    with serve(answer) as server:
        proposer(server, parallel=3).translate(["Xin chào."] * 12, "en")
    assert len(server.seen) == 12
    assert 1 < server.busiest <= 3


def test_nothing_is_sent_before_it_is_asked() -> None:
    with serve(lambda _: said("{}")) as server:
        endpoint = proposer(server)
        assert endpoint.info()["model"] == "m"
        assert KEY not in json.dumps(endpoint.info())
        assert endpoint.translate([], "en") == endpoint.rewrite([], "vi") == endpoint.infill([]) == []
    assert server.seen == []


@pytest.mark.parametrize(
    ("served", "outcome"), [(["only"], "only"), (["a", "b"], "serves 2 models"), ([], "serves no model")]
)
def test_the_only_model_is_found(served: list[str], outcome: str) -> None:
    def answer(payload: dict[str, Any] | None) -> tuple[int, bytes, dict[str, str]]:
        return said("{}") if payload else (200, json.dumps({"data": [{"id": s} for s in served]}).encode(), {})

    with serve(answer) as server:
        endpoint = EndpointProposer(server.url)
        if len(served) == 1:
            endpoint.rewrite(["Một câu."], "vi")
            assert server.seen[-1]["model"] == outcome
        else:
            with pytest.raises(InputError, match=outcome):
                endpoint.rewrite(["Một câu."], "vi")


@pytest.mark.parametrize("url", ["", "localhost:8000/v1", "ftp://a/v1", "https://", "https://name:secret@host/v1"])
def test_bad_addresses(url: str) -> None:
    with pytest.raises(InputError) as caught:
        EndpointProposer(url, "m")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "sent"), [("https://host/v1", True), ("http://127.0.0.1:1/v1", True), ("http://host/v1", False)]
)
def test_the_general_key_goes_over_https_or_to_this_machine_only(
    url: str, sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VN_REPAIR_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    request = EndpointProposer(url, "m")._request("/chat/completions", {})
    assert request.has_header("Authorization") is sent


@given(st.text(max_size=60))
def test_any_content_gives_an_object(text: str) -> None:
    assert isinstance(first_object(text), dict)
    assert first_object("talk: " + json.dumps({"text": text}) + " more") == {"text": text}


@given(st.text(alphabet="aà ⟦⟧s1/", min_size=2, max_size=30), st.data())
def test_marks_are_those_of_the_request_alone(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    user = infill_prompt(InfillRequest(text, ((start, end),), "vi"))[-1]["content"]
    plain = text.replace("⟦", "[").replace("⟧", "]")
    assert user == f"{plain[:start]}⟦s1⟧{plain[start:end]}⟦/s1⟧{plain[end:]}"
