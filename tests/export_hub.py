"""A server that speaks as much of the Hugging Face Hub's API as a push and a `load_dataset` need, on this machine.

It keeps commits in memory. Parquet goes by Git LFS ("basic" transfer) and the rest inside the commit, as on the Hub.
"""

from __future__ import annotations

import base64
import json
import threading
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_test"


class Hub:
    """The repositories and what was asked for; use as a context."""

    def __init__(self) -> None:
        self.repos: dict[str, dict[str, Any]] = {}
        self.lfs: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.fail_commit = False
        hub = self

        class Handler(_Handler):
            state = hub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Hub:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add_repo(self, name: str, private: bool) -> dict[str, Any]:
        """A repository with the file that the Hub gives each."""
        return self.repos.setdefault(name, {"private": private, "files": {".gitattributes": b"*.parquet filter=lfs\n"},
                                            "commits": []})


class _Handler(BaseHTTPRequestHandler):
    state: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def _answer(self, status: int, data: Any = None, *, raw: bytes | None = None, **headers: str) -> None:
        body = raw if raw is not None else json.dumps(data).encode()
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json" if raw is None else "application/octet-stream")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        out = b""
        while size := int(self.rfile.readline(), 16):
            out += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return out

    def _dispatch(self) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self._body()
        self.state.requests.append(f"{self.command} {path}")
        stored = path.startswith("/store/")  # as on the Hub, where the place of the bytes is another host
        if not stored and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._answer(401, {"error": "Invalid username or password."})
        if path == "/api/repos/create":
            return self._create(json.loads(body))
        if path == "/api/validate-yaml":
            return self._answer(200, {"errors": [], "warnings": []})
        if stored:
            return self._store(path.rsplit("/", 1)[-1], body)
        if path.endswith(".git/info/lfs/objects/batch"):
            return self._lfs(json.loads(body))
        parts = path.removeprefix("/api").removeprefix("/datasets/").split("/")
        repo = self.state.repos.get("/".join(parts[:2]))
        if repo is None:
            return self._answer(404, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")
        if not path.startswith("/api"):
            return self._resolve(repo, "/".join(parts[4:]))
        return self._repo(repo, "/".join(parts[:2]), parts[2:], body)

    do_GET = do_POST = do_PUT = do_HEAD = _dispatch

    def _create(self, wanted: dict[str, Any]) -> None:
        name = f"{wanted.get('organization') or 'me'}/{wanted['name']}"
        if name in self.state.repos:
            return self._answer(409, {"error": "You already created this dataset repo"})
        private = wanted.get("private", wanted.get("visibility") == "private")
        self.state.add_repo(name, bool(private))
        return self._answer(200, {"url": f"{self.state.url}/datasets/{name}", "name": name, "id": name})

    def _store(self, oid: str, body: bytes) -> None:
        if sha256(body).hexdigest() != oid:
            return self._answer(400, {"error": "wrong checksum"})
        self.state.lfs[oid] = body
        return self._answer(200, {})

    def _lfs(self, wanted: dict[str, Any]) -> None:
        objects = [{"oid": o["oid"], "size": o["size"], "authenticated": True,
                    "actions": {"upload": {"href": f"{self.state.url}/store/{o['oid']}"}}} for o in wanted["objects"]]
        self._answer(200, {"transfer": "basic", "objects": objects})

    def _repo(self, repo: dict[str, Any], name: str, parts: list[str], body: bytes) -> None:
        files: dict[str, bytes] = repo["files"]
        head = sha1(repr(repo["commits"]).encode()).hexdigest()
        if parts[:1] in ([], ["revision"]):
            return self._answer(200, {"id": name, "private": repo["private"], "sha": head, "tags": [], "gated": False,
                                      "disabled": False, "siblings": [{"rfilename": f} for f in sorted(files)]})
        if parts[0] == "preupload":
            return self._answer(200, {"files": [
                {"path": f["path"], "shouldIgnore": False,
                 "uploadMode": "lfs" if f["path"].endswith(".parquet") else "regular"}
                for f in json.loads(body)["files"]]})
        if parts[0] == "tree":
            under = "".join(part + "/" for part in parts[2:])
            found = [f for f in sorted(files) if f.startswith(under)]
            if "recursive=true" in self.path.lower():
                return self._answer(200, [_entry(f, files[f]) for f in found])
            folders = {under + f.removeprefix(under).split("/")[0] for f in found if "/" in f.removeprefix(under)}
            return self._answer(200, [*map(_folder, sorted(folders)), *(
                _entry(f, files[f]) for f in found if "/" not in f.removeprefix(under))])
        if parts[0] == "paths-info":
            wanted = _form(body)
            there = [_folder(p) for p in wanted if any(f.startswith(p + "/") for f in files)]
            return self._answer(200, [_entry(p, files[p]) for p in wanted if p in files] + there)
        if parts[0] == "commit":
            return self._commit(repo, name, body)
        return self._answer(404, {"error": "no such thing"}, X_Error_Code="EntryNotFound")

    def _commit(self, repo: dict[str, Any], name: str, body: bytes) -> None:
        if self.state.fail_commit:
            return self._answer(403, {"error": "refused"}, X_Error_Message="You have read-only access")
        for operation in map(json.loads, body.splitlines()):
            value = operation["value"]
            if operation["key"] == "header":
                repo["commits"].append(value["summary"])
            elif operation["key"] == "file":
                repo["files"][value["path"]] = base64.b64decode(value["content"])
            elif operation["key"] == "lfsFile":
                repo["files"][value["path"]] = self.state.lfs[value["oid"]]
            elif operation["key"] == "deletedFile":
                del repo["files"][value["path"]]
        head = sha1(repr(repo["commits"]).encode()).hexdigest()
        return self._answer(200, {"success": True, "commitOid": head,
                                  "commitUrl": f"{self.state.url}/datasets/{name}/commit/{head}"})

    def _resolve(self, repo: dict[str, Any], path: str) -> None:
        data = repo["files"].get(path)
        if data is None:
            return self._answer(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
        return self._answer(200, raw=data, ETag=f'"{sha256(data).hexdigest()}"', X_Repo_Commit="0" * 40,
                            Accept_Ranges="none")


def _entry(path: str, data: bytes) -> dict[str, Any]:
    out = {"type": "file", "path": path, "size": len(data), "oid": sha1(data).hexdigest()}
    if path.endswith(".parquet"):
        out["lfs"] = {"oid": sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
    return out


def _folder(path: str) -> dict[str, Any]:
    return {"type": "directory", "path": path, "oid": "0" * 40}


def _form(body: bytes) -> list[str]:
    """The paths asked for, as JSON or as a form."""
    from urllib.parse import parse_qs

    try:
        paths = json.loads(body)["paths"]
    except ValueError:
        paths = parse_qs(body.decode())["paths"]
    return [paths] if isinstance(paths, str) else list(paths)
