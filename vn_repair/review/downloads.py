"""Results as a browser downloads them, made while they are sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from starlette.responses import Response, StreamingResponse

from vn_repair.review.exports import write_zip
from vn_repair.review.lines import lines
from vn_repair.review.store import Store

MEMORY = 16 * 2**20  # bytes of an archive that are held before it goes to a file
CHUNK = 2**16


def download(store: Store, form: str) -> Response | None:
    """The file that is asked for; `None` if there is no such form."""
    if form == "text":
        return _attachment(_zip(store), "reviewed.zip", "application/zip")
    if form in ("references", "records"):
        # `line` escapes what UTF-8 cannot hold.
        parts = (part.encode("utf-8") for part in lines(store, form))
        return _attachment(parts, f"reviewed.{'references' if form == 'references' else 'repair'}.jsonl",
                           "application/x-ndjson")
    return None


def _attachment(parts: Iterator[bytes], name: str, media: str) -> Response:
    return StreamingResponse(parts, media_type=media,
                             headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _zip(store: Store) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(MEMORY) as file:
        write_zip(store, file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk
