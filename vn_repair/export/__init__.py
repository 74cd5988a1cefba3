"""Repairs as a Hugging Face dataset: a folder of Parquet shards and a card that `datasets.load_dataset` reads.

`dataset.export_dataset` goes three times over the articles and holds none of them for longer than a chunk:

1. `collect`: records are read (articles repaired), turned into rows and sentence pairs, fingerprinted and spooled;
2. `decide`: splits, near-duplicates and overlap with test sets are worked out from the fingerprints alone;
3. `shards`: the spooled rows go to the shards of their splits, and `card` describes what was written.
"""
