"""`python -m vn_repair.cli` is `vn-repair`."""

from vn_repair.cli import main

main()
