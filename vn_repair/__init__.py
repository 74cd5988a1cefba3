"""Find and repair garbled Vietnamese (and machine-English) news text."""

__version__ = "0.1.0"
