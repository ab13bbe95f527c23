"""One page per step of the analyst's story."""
