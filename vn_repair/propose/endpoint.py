"""Any OpenAI-compatible chat endpoint as a proposer: one request a text, JSON answers, the standard library's HTTP.

Nothing is sent before `translate`, `rewrite` or `infill` is called. The key comes from the environment:
`VN_REPAIR_API_KEY`, or else `OPENAI_API_KEY`, which goes over https or to this machine only.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from math import isfinite
from typing import Any, TypeVar
from unicodedata import normalize
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from vn_repair.propose.lost_slots import lost_slots
from vn_repair.propose.prompts import infill_prompt, rewrite_prompt, translate_prompt
from vn_repair.propose.request import Candidate, InfillRequest, Translation
from vn_repair.types import InputError

AGAIN = {408, 409, 425, 429, 500, 502, 503, 504, 529}
LONGEST_WAIT = 30.0
LARGEST_ANSWER = 4_000_000
MOST_ALTERNATIVES = 8
# A model that does not say how sure it is leaves its edits for review (below the default dial).
UNSTATED = 0.4
LOCAL = {"localhost", "127.0.0.1", "::1"}
T = TypeVar("T")
R = TypeVar("R")


class _StayHere(HTTPRedirectHandler):
    """Follows no redirect: it would take the key to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


class EndpointProposer:
    """The chat model `model` at `base_url` (`https://…/v1`); without `model`, the only one it serves.

    `timeout` is in seconds a try, `retries` are further tries after 429, 5xx or a broken
    connection, `backoff` is the first wait in seconds (doubled each time; `Retry-After` goes
    before), `parallel` bounds the requests under way. Raises `InputError` for an address that is
    none, and on failure: one line with address, status and remedy.
    """

    name = "endpoint"

    def __init__(
        self,
        base_url: str,
        model: str = "",
        *,
        timeout: float = 60.0,
        retries: int = 4,
        backoff: float = 1.0,
        parallel: int = 4,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InputError(f"endpoint:{base_url}: no http address; give one like https://HOST/v1")
        if parts.username or parts.password or parts.query:
            raise InputError(f"endpoint:{parts.hostname}: put the key in VN_REPAIR_API_KEY, not in the address")
        self.base_url = base_url.rstrip("/").removesuffix("/chat/completions")
        self.timeout, self.retries, self.backoff, self.parallel = timeout, retries, backoff, max(1, parallel)
        self._asked_model = model
        self._key = os.environ.get("VN_REPAIR_API_KEY", "").strip()
        if not self._key and (parts.scheme == "https" or parts.hostname in LOCAL):
            self._key = os.environ.get("OPENAI_API_KEY", "").strip()
        self._opener = build_opener(_StayHere())

    @cached_property
    def model(self) -> str:
        """The model's name; asked of the endpoint if none was given."""
        if self._asked_model:
            return self._asked_model
        served = [str(m.get("id")) for m in self._send("/models", None).get("data") or [] if isinstance(m, dict)]
        if len(served) != 1:
            found = f"{len(served)} models ({', '.join(served[:5])}, …)" if served else "no model"
            raise InputError(f"endpoint:{self.base_url}: serves {found}; name one with endpoint:MODEL@URL")
        return served[0]

    def info(self) -> dict[str, Any]:
        """Model, address and tasks; sends nothing."""
        return {
            "model": self._asked_model or None,
            "checksum": None,
            "backend": f"chat endpoint {self.base_url}",
            "device": "remote",
            "tasks": ["translate_en", "translate_vi", "rewrite", "infill"],
        }

    def translate(self, texts: Sequence[str], to: str) -> list[Translation]:
        """One translation a text, in order; a bad answer gives an empty one that has lost the whole text."""

        def one(text: str) -> Translation:
            found = self._candidates(self._ask(translate_prompt(text, to)), "translation")
            if not found:
                return Translation("", 0.0, (text,))
            return Translation(found[0].text, found[0].score, lost_slots(text, found[0].text, to))

        return self._all(one, texts)

    def rewrite(self, texts: Sequence[str], lang: str) -> list[list[Candidate]]:
        """n-best rewritings of each text; none after a bad answer."""
        return self._all(lambda t: self._candidates(self._ask(rewrite_prompt(t, lang)), "rewritings"), texts)

    def infill(self, requests: Sequence[InfillRequest]) -> list[list[list[Candidate]]]:
        """Candidates for each span of each request; none for spans that the answer leaves out."""

        def one(request: InfillRequest) -> list[list[Candidate]]:
            answer = self._ask(infill_prompt(request))
            return [self._candidates(answer, f"s{n}") for n in range(1, len(request.spans) + 1)]

        return self._all(one, requests)

    def _all(self, one: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """`one` of every item, in order, at most `parallel` at a time; the first failure ends it."""
        if not items:
            return []
        _ = self.model  # ask for it once, before the threads start
        pool = ThreadPoolExecutor(max_workers=min(self.parallel, len(items)))
        try:
            return list(pool.map(one, items))
        finally:
            pool.shutdown(cancel_futures=True)

    def _ask(self, messages: list[dict[str, str]]) -> dict[str, Any]:
        """The JSON object in the model's answer; `{}` when there is none."""
        body = self._send("/chat/completions", {"model": self.model, "messages": messages, "temperature": 0})
        try:
            content = body["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError):
            raise InputError(f"endpoint:{self.base_url}: answers, but not as a chat endpoint does; "
                             "give the address that ends before /chat/completions") from None
        return first_object(content) if isinstance(content, str) else {}

    def _candidates(self, answer: dict[str, Any], key: str) -> list[Candidate]:
        """Candidates under `key`, best first as answered, no two equal; what has another form is left out."""
        value = answer.get(key)
        out: list[Candidate] = []
        for item in (value if isinstance(value, list) else [value])[:MOST_ALTERNATIVES]:
            text, score = (item.get("text"), item.get("confidence")) if isinstance(item, dict) else (item, None)
            text = normalize("NFC", text).strip() if isinstance(text, str) else ""
            if not text or "⟦" in text or "\n" in text:
                continue
            sure = UNSTATED
            if isinstance(score, int | float) and not isinstance(score, bool) and isfinite(score):
                sure = min(1.0, max(0.0, float(score)))
            if all(c.text != text for c in out):
                out.append(Candidate(text, sure))
        return out

    def _send(self, path: str, payload: dict[str, Any] | None) -> dict[str, Any]:
        """The JSON object that the endpoint answers; tried again on 429, 5xx and broken connections."""
        why = ""
        for attempt in range(self.retries + 1):
            wait = min(LONGEST_WAIT, self.backoff * 2**attempt)
            try:
                with self._opener.open(self._request(path, payload), timeout=self.timeout) as answer:
                    return self._object(answer.read(LARGEST_ANSWER))
            except HTTPError as error:
                why = f"status {error.code}{self._reason(error)}"
                if error.code not in AGAIN:
                    raise InputError(f"endpoint:{self.base_url}: {why}; {remedy(error.code)}") from None
                wait = _retry_after(error.headers.get("Retry-After"), wait)
            except (URLError, OSError, http.client.HTTPException) as error:
                cause = getattr(error, "reason", error)
                why = (f"no answer within {self.timeout:g} s" if isinstance(cause, TimeoutError)
                       else self._hidden(str(cause)) or type(cause).__name__)
            if attempt < self.retries:
                time.sleep(wait)
        raise InputError(
            f"endpoint:{self.base_url}: {why} ({self.retries + 1} tries); check the address, or try again later"
        )

    def _request(self, path: str, payload: dict[str, Any] | None) -> Request:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "vn-repair"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        data = None if payload is None else json.dumps(payload, ensure_ascii=False).encode()
        return Request(self.base_url + path, data, headers)

    def _object(self, body: bytes) -> dict[str, Any]:
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise InputError(f"endpoint:{self.base_url}: the answer is no JSON; give the address of an "
                             "OpenAI-compatible endpoint, like https://HOST/v1")
        return found

    def _reason(self, error: HTTPError) -> str:
        """What the endpoint says about a failure, in brief."""
        try:
            said = json.loads(error.read(20_000))["error"]
            text = said.get("message") if isinstance(said, dict) else said
        except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
            return ""
        return f" ({self._hidden(' '.join(str(text).split()))[:200]})" if text else ""

    def _hidden(self, text: str) -> str:
        return text.replace(self._key, "…") if self._key else text


def remedy(status: int) -> str:
    """What to do about an HTTP status."""
    if status in {401, 403}:
        return "set VN_REPAIR_API_KEY to a key that is valid there"
    if status == 404:
        return "check the address (it ends in /v1 mostly) and the model's name"
    if 300 <= status < 400:
        return "it points elsewhere; give the final address"
    return "check the model's name and what the endpoint accepts"


def _retry_after(header: str | None, otherwise: float) -> float:
    """Seconds to wait as the endpoint asks, bounded; dates are not understood."""
    try:
        return min(LONGEST_WAIT, max(0.0, float(header or "")))
    except ValueError:
        return otherwise


def first_object(text: str) -> dict[str, Any]:
    """The first JSON object in `text`, past fences, thoughts and talk; `{}` when there is none."""
    return next(_objects(text.rpartition("</think>")[2]), {})


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            found, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield found
        at = text.find("{", at + 1)


Endpoint = EndpointProposer  # the name that `vn_repair.evaluate.systems` asks for
