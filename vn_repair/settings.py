"""Settings of detection and repair: what is looked for, how much is shown, what is left alone.

They come from a configuration file, the command line, or a caller. `.vn-repair.toml`, or the table
`[tool.vn-repair]` of a `pyproject.toml`, is looked for from the current directory upwards; the nearest one counts,
and in one directory `.vn-repair.toml`. All keys are optional:

    sensitivity = "balanced"        # strict, balanced, picky, or a number from 0 to 1
    min_confidence = 0.5            # edits below it are left for review
    off = ["number.scale"]          # detectors, or families of them ("number"), to leave out
    on = []                         # to run in spite of `off`
    only = []                       # to run alone
    [ignore]
    words = ["Green Farm"]
    regexes = ['OCOP \\d-star']
    files = ["names.txt"]           # beside the configuration file; a word or /regular expression/ a line
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vn_repair.ignore import Ignore, read_ignore_file
from vn_repair.types import InputError

# A span is shown if its score reaches the threshold; eval/SENSITIVITY.md tells what each costs and brings.
SENSITIVITIES = {"strict": 0.8, "balanced": 0.5, "picky": 0.2}
DEFAULT_SENSITIVITY = "balanced"
DEFAULT_MIN_CONFIDENCE = 0.5
CONFIG_NAME = ".vn-repair.toml"
# Detectors that need a model; they are no module of vn_repair.detect.
MODEL_DETECTORS = ("fluency.tagger",)


@dataclass(frozen=True, slots=True)
class Settings:
    """What to look for and how much to show.

    `threshold` is the least score (0–1) of a span that is shown, `min_confidence` that of an edit that is accepted.
    `off`, `on` and `only` hold detector ids or families (what stands before the dot); `source` is the configuration
    file that was read, if any.
    """

    threshold: float = SENSITIVITIES[DEFAULT_SENSITIVITY]
    min_confidence: float = DEFAULT_MIN_CONFIDENCE
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: Ignore = field(default_factory=Ignore)
    source: str | None = None

    def runs(self, detector: str) -> bool:
        """Whether a detector is on: an id goes before a family, and `on` before `off` and `only`."""
        for name in (detector, detector.partition(".")[0]):
            if name in self.on:
                return True
            if name in self.off:
                return False
        return not self.only or detector in self.only or detector.partition(".")[0] in self.only

    @property
    def sensitivity(self) -> str:
        """The named setting that the threshold is, or the number itself."""
        names = [name for name, threshold in SENSITIVITIES.items() if threshold == self.threshold]
        return names[0] if names else f"{self.threshold:g}"

    def record(self) -> dict[str, Any]:
        """All that changes results, as JSON holds it: for the `made_by` of records."""
        return {"sensitivity": self.sensitivity, "min_confidence": self.min_confidence, "off": sorted(self.off),
                "on": sorted(self.on), "only": sorted(self.only),
                "ignore": {"words": sorted(self.ignore.words), "regexes": sorted(self.ignore.regexes)}}


def parse_sensitivity(value: object, place: str) -> float:
    """The threshold of a named setting or a number from 0 to 1.

    Raises `InputError`, naming `place`, for anything else.
    """
    if isinstance(value, str) and value in SENSITIVITIES:
        return SENSITIVITIES[value]
    return _share(value, place, f"{', '.join(SENSITIVITIES)} or a number from 0 to 1")


def find_config(start: Path) -> Path | None:
    """The configuration file nearest to the directory `start`, going up; `None` if there is none."""
    for folder in (start, *start.parents):
        own, project = folder / CONFIG_NAME, folder / "pyproject.toml"
        try:
            if own.is_file():
                return own
            if project.is_file() and b"vn-repair" in project.read_bytes() and _table(project) is not None:
                return project
        except OSError:  # a directory above that may not be looked into
            continue
    return None


def load_settings(config: Path | None = None, start: Path | None = None) -> Settings:
    """Settings of the file `config`, or of the one found upwards from `start` (the current directory).

    Raises `InputError` for a file that is missing, is no TOML, or has an unknown key or a wrong value.
    """
    path = config or find_config(start or Path.cwd())
    if path is None:
        return Settings()
    table = _table(path)
    if table is None:
        raise InputError(f"{path}: has no table [tool.vn-repair]; add one, or name another file with --config")
    return _settings(path, table)


def _table(path: Path) -> dict[str, Any] | None:
    """The settings in a file: of a pyproject.toml the table `[tool.vn-repair]`, `None` if it has none."""
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a TOML file with --config") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not TOML: {error}; quote texts, and write regular expressions in '…'") from None
    if path.name != "pyproject.toml":
        return data
    tool = data.get("tool", {})
    table = tool.get("vn-repair") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise InputError(f"{path}: tool.vn-repair is no table; write [tool.vn-repair] and the keys below it")
    return table


KEYS = ("sensitivity", "min_confidence", "off", "on", "only", "ignore")
IGNORE_KEYS = ("words", "regexes", "files")


def _settings(path: Path, table: Mapping[str, Any]) -> Settings:
    _check_keys(table, KEYS, str(path), "")
    names: dict[str, tuple[str, ...]] = {}
    for key in ("off", "on", "only"):
        names[key] = _texts(table.get(key, []), f"{path}: {key}")
        check_names(names[key], f"{path}: {key}")
    given = table.get("ignore", {})
    if not isinstance(given, dict):
        raise InputError(f"{path}: ignore is no table; write [ignore] with the keys {', '.join(IGNORE_KEYS)}")
    _check_keys(given, IGNORE_KEYS, str(path), "ignore.")
    ignore = Ignore().adding(_texts(given.get("words", []), f"{path}: ignore.words"),
                             _texts(given.get("regexes", []), f"{path}: ignore.regexes"), f"{path}: ignore.regexes")
    for name in _texts(given.get("files", []), f"{path}: ignore.files"):
        ignore = ignore.merged(read_ignore_file(path.parent / name))
    settings = Settings(off=names["off"], on=names["on"], only=names["only"], ignore=ignore, source=str(path))
    if "sensitivity" in table:
        settings = replace(settings, threshold=parse_sensitivity(table["sensitivity"], f"{path}: sensitivity"))
    if "min_confidence" in table:
        settings = replace(settings, min_confidence=_share(table["min_confidence"], f"{path}: min_confidence",
                                                           "a number from 0 to 1"))
    return settings


def changed(settings: Settings, *, sensitivity: str | None = None, min_confidence: float | None = None,
            off: Iterable[str] = (), on: Iterable[str] = (), only: Iterable[str] = (), ignore: Iterable[str] = (),
            ignore_files: Iterable[Path] = ()) -> Settings:
    """Settings with a command line's options laid over them.

    `off` and `on` go before what the settings say of the same detectors, `only` before all they say of detectors;
    `ignore` holds words, or regular expressions between slashes, which are added. Raises `InputError` naming the
    option.
    """
    off, on, only = tuple(off), tuple(on), tuple(only)
    for option, names in (("--off", off), ("--on", on), ("--only", only)):
        check_names(names, option)
    if only:
        settings = replace(settings, only=only, off=(), on=())
    settings = replace(settings, off=(*_without(settings.off, on), *off), on=(*_without(settings.on, off), *on))
    if sensitivity is not None:
        settings = replace(settings, threshold=parse_sensitivity(sensitivity, "--sensitivity"))
    if min_confidence is not None:
        settings = replace(settings, min_confidence=_share(min_confidence, "--min-confidence", "a number from 0 to 1"))
    added = settings.ignore.adding_lines(tuple(ignore), "--ignore")
    for path in ignore_files:
        added = added.merged(read_ignore_file(path))
    return replace(settings, ignore=added)


def _without(names: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """`names` less those in `taken` and those whose family is."""
    return tuple(n for n in names if n not in taken and n.partition(".")[0] not in taken)


def check_names(names: Iterable[str], place: str) -> None:
    """Raise `InputError`, naming `place`, for a name that is neither a detector's nor a family's."""
    names = tuple(names)
    if not names:
        return
    from vn_repair.detect.registry import detectors

    ids = [*(detector.id for detector in detectors()), *MODEL_DETECTORS]
    known = {*ids, *(name.partition(".")[0] for name in ids)}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), 3)
            meant = f"; did you mean {' or '.join(near)}?" if near else ";"
            raise InputError(f"{place} {name}: no such detector{meant} `vn-repair info` lists their ids")


def _check_keys(table: Mapping[str, Any], known: Sequence[str], path: str, prefix: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            meant = f"did you mean {prefix}{near[0]}?" if near else f"the keys are {', '.join(known)}"
            raise InputError(f"{path}: unknown key {prefix}{key}; {meant}")


def _texts(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InputError(f'{place}: is no list of texts; write ["…", "…"]')
    return tuple(value)


def _share(value: object, place: str, wanted: str) -> float:
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else -1.0
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise InputError(f"{place}: {value!r} will not do; give {wanted}")
    return number
