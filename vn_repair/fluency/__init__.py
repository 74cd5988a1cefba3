"""Detection by a model: what no rule can see (word order, homonyms, calques, lost words)."""
