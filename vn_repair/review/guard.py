"""Who may talk to the page: this machine's browser, with the token that was printed at the start."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import URL, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_NAMES = {"127.0.0.1", "localhost", "::1"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                               "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without a referrer a form's Origin would be null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Lets a request through to `app` only from a local name, and but for `/static/` with the token.

    The token comes in the address once (`?token=…`) and then in a cookie that no other site's page can
    send. The host name is checked because a name of someone else's may be made to point to 127.0.0.1
    (DNS rebinding); its port is not, for a tunnel may have another. `refuse` makes the page for who
    comes without the token.
    """

    def __init__(self, app: ASGIApp, token: str, refuse: Callable[[Request], Response]) -> None:
        self.app, self.token, self.refuse = app, token, refuse
        # Cookies know no ports: two servers at once need two names.
        self.cookie = "vn_repair_" + sha256(token.encode()).hexdigest()[:8]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope, receive)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        answer = self.check(request)
        await (answer or self.app)(scope, receive, send_with_headers)

    def check(self, request: Request) -> Response | None:
        """The refusal or redirection that a request gets, or `None` if it may pass."""
        if not _local(request.headers.get("host", "")):
            return PlainTextResponse("This page answers to 127.0.0.1 and localhost alone.\n", 421)
        if request.method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Method not allowed\n", 405, {"Allow": "GET, HEAD, POST"})
        if request.url.path.startswith("/static/"):
            return None
        given = request.query_params.get("token")
        if given is not None and request.method == "GET" and self._is_token(given):
            url = URL(scope=request.scope).remove_query_params("token")
            response = RedirectResponse(url.path + (f"?{url.query}" if url.query else ""), 303)
            response.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
            return response
        if not self._is_token(request.cookies.get(self.cookie, "")):
            return self.refuse(request)
        if request.method == "POST" and not _same_origin(request):
            return PlainTextResponse("This page takes decisions from its own pages alone.\n", 403)
        return None

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())


def _local(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname in LOCAL_NAMES and parts.path == "" and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _same_origin(request: Request) -> bool:
    """Whether a POST comes from a page of this server, as far as the browser says."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    return origin is None or origin == f"http://{request.headers.get('host', '')}"
