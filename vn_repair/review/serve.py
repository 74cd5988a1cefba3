"""Serves the page on this machine until it is stopped."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

from vn_repair.review.app import Review
from vn_repair.types import InputError

HOST = "127.0.0.1"
FIRST_PORT = 8765
TRIES = 20


def open_socket(port: int | None) -> socket.socket:
    """A listening socket on 127.0.0.1: at `port` (0: any free one), or without it at the first free one from 8765 on.

    Raises `InputError` when the port cannot be had.
    """
    ports = [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + TRIES), 0]
    for number in ports:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, number))
            sock.listen(64)
        except OSError as error:
            sock.close()
            reason = error.strerror
            continue
        return sock
    raise InputError(f"--port {port}: cannot be opened ({reason}); give another, or none")


def serve(review: Review, sock: socket.socket, announce: Callable[[str], None]) -> None:
    """Answer requests on `sock` until interrupted; `announce` is given the address with its token."""
    import uvicorn

    token = secrets.token_urlsafe(24)
    config = uvicorn.Config(review.app(token), log_level="warning", access_log=False, lifespan="off",
                            server_header=False, timeout_graceful_shutdown=2, h11_max_incomplete_event_size=65536)
    server = uvicorn.Server(config)
    announce(f"http://{HOST}:{sock.getsockname()[1]}/?token={token}")
    try:
        server.run(sockets=[sock])
    except KeyboardInterrupt:  # uvicorn passes it on once all is closed
        pass
    finally:
        sock.close()
