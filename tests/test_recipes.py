"""Recipes name sources that are documented, and shards that a recipe makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from vn_repair.training.sources import HELD_OUT_FILES, load_recipe

RECIPES = Path(__file__).parents[1] / "corpora" / "recipes"
SOURCES: dict[str, Any] = yaml.safe_load((RECIPES / "sources.yaml").read_text("utf-8"))


def test_every_source_has_a_licence_class_and_an_origin() -> None:
    for group in ("parallel", "mono", "lexicon", "start"):
        for name, entry in SOURCES[group].items():
            assert entry["class"] in {"permissive", "share-alike", "restricted"}, name
            assert entry["origin"], name
            assert entry["licence"], name


@pytest.mark.parametrize("name", ["first.yaml", "second.yaml", "third.yaml"])
def test_shards_read_documented_sources_and_no_development_set(name: str) -> None:
    recipe = load_recipe(RECIPES / name)
    for shard, entry in recipe["shards"].items():
        for pair in entry.get("pairs", []):
            assert pair in SOURCES["parallel"], shard
            if not entry.get("held_out"):
                assert f"{pair}.tsv.gz" not in HELD_OUT_FILES, shard
        assert set(entry.get("documents", {})) <= set(SOURCES["mono"]), shard


@pytest.mark.parametrize(
    "name", ["first_train_a.yaml", "first_train_b.yaml", "second_train.yaml", "second_tagger.yaml"]
)
def test_training_recipes_use_shards_that_are_made(name: str) -> None:
    made = {**load_recipe(RECIPES / "first.yaml")["shards"], **load_recipe(RECIPES / "second.yaml")["shards"]}
    recipe = load_recipe(RECIPES / name)
    for entry in [*recipe["shards"], *recipe.get("dev", [])]:
        assert Path(entry["path"]).stem in made
        assert Path(entry["path"]).stem.startswith("dev_") == ("limit" in entry)


def test_a_recipe_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(ValueError, match="a recipe is a YAML mapping"):
        load_recipe(tmp_path / "r.yaml")
