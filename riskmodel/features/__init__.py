"""Columns become arrays: a preprocessor learned from training rows, and the transforms of its columns."""
