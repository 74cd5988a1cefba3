"""Write eval/LEADERBOARD.md and eval/leaderboard.html from the run files; the same as `vn-repair leaderboard`."""

from __future__ import annotations

import sys

from vn_repair.cli import run

if __name__ == "__main__":
    sys.exit(run(["leaderboard", *sys.argv[1:]]))
