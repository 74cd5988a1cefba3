"""A finished export to the Hugging Face Hub, or to any server that speaks its protocol (`HF_ENDPOINT`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from vn_repair.export.dataset import PUBLISHED
from vn_repair.export.shards import FOLDERS
from vn_repair.types import InputError
from vn_repair.write.visible import one_line

if TYPE_CHECKING:
    from huggingface_hub import HfApi

# What the Hub takes (huggingface_hub has the rule, but not in public).
REPO = re.compile(r"(?!.*(?:--|\.\.))(?:\b[\w.-]+\b/)?\b[\w.-]{1,96}\b(?<!\.git)", re.ASCII)


def check_push(repo: str) -> None:
    """Raise `InputError` if `repo` is no name of a repository, or there is no token to push with.

    The token is taken from the usual places: `HF_TOKEN`, or what `hf auth login` stored.
    """
    from huggingface_hub import get_token

    if not REPO.fullmatch(repo):
        raise InputError(f"--push {repo}: is no repository name; write NAME/DATASET, of letters, digits, -, _ and .")
    if not get_token():
        raise InputError(f"--push {repo}: no Hugging Face token; run `hf auth login`, or set HF_TOKEN")


def push(folder: Path, repo: str, *, public: bool = False, message: str = "vn-repair export",
         api: HfApi | None = None) -> str:
    """Upload the files of an export in one commit and return its address; shards of an earlier export are removed.

    A new repository is private unless `public`. One that is there is used only if it is as wanted, for a slip must not
    publish anything. Raises `InputError` when the server cannot be reached or refuses.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    api = api or HfApi()
    try:
        try:
            private = bool(api.repo_info(repo, repo_type="dataset").private)
        except RepositoryNotFoundError:
            repo = api.create_repo(repo, repo_type="dataset", private=not public).repo_id
        else:
            if private == public:
                there, wanted = ("private", "public") if private else ("public", "private")
                remedy = "leave out --public" if public else "add --public if it may be seen by all"
                raise InputError(f"--push {repo}: is there and {there}, not {wanted}; {remedy}, or push to another "
                                 "name")
        found = api.upload_folder(
            repo_id=repo, folder_path=folder, repo_type="dataset", commit_message=message,
            allow_patterns=[*(f"{name}/*" for name in FOLDERS.values()), *(n for n in PUBLISHED if "." in n)],
            delete_patterns=[f"{name}/*.parquet" for name in FOLDERS.values()],
        )
    except InputError:
        raise
    except Exception as error:
        if not _is_hub_error(error):
            raise
        raise InputError(f"--push {repo}: {one_line(str(error), 300)}; the data set is in {folder}: run again with "
                         "--resume to push it") from None
    return str(found.commit_url)


def _is_hub_error(error: Exception) -> bool:
    """Whether the server or the way to it is at fault; the HTTP library below differs between versions."""
    from huggingface_hub.errors import HfHubHTTPError

    return isinstance(error, HfHubHTTPError | OSError | ValueError) or type(error).__module__.split(".")[0] in {
        "httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3", "hf_xet"}
