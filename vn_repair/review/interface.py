"""The words of the page in Vietnamese and English, from `interface.tsv`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from vn_repair.types import EN, VI

LANGUAGES = (VI, EN)
SCRIPT = "js."  # the words that the page's scripts say


class Words:
    """The words of one language: `words("list.open", n=3)`."""

    def __init__(self, lang: str, table: Mapping[str, str]) -> None:
        self.lang, self._table = lang, table

    def __call__(self, key: str, **values: object) -> str:
        """The words for `key`, `{names}` in them filled in. Raises `KeyError` for a key that is none."""
        text = self._table[key]
        return text.format(**values) if values else text

    def or_own(self, key: str, own: str) -> str:
        """The words for `key`, or `own` where there are none."""
        return self._table.get(key, own)

    def for_scripts(self) -> dict[str, str]:
        """What the scripts of the page say, by key."""
        return {key.removeprefix(SCRIPT): text for key, text in self._table.items() if key.startswith(SCRIPT)}


@cache
def words(lang: str) -> Words:
    """The words of `lang`, `"vi"` or `"en"`."""
    table = {}
    for line in files("vn_repair.review").joinpath("interface.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, vi, en = line.split("\t")
            table[key] = vi if lang == VI else en
    return Words(lang, table)


def choose_language(chosen: str | None, accepted: str) -> str:
    """The language chosen before, else the browser's first that there is (`Accept-Language`), else Vietnamese."""
    if chosen in LANGUAGES:
        return str(chosen)
    ranked: list[tuple[float, int, str]] = []
    for part in accepted.split(","):
        name, _, rest = part.strip().partition(";")
        quality = rest.strip().removeprefix("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        ranked.append((-weight, len(ranked), name[:2].lower()))
    return next((name for _, _, name in sorted(ranked) if name in LANGUAGES), VI)
