"""Printed report of the checks before scoring, most important first."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from riskmodel.command_line.shared.console import result_console
from riskmodel.scoring.model.report import describe_outcomes
from riskmodel.scoring.streaming.inspection import ColumnInspection, FileInspection
from riskmodel.wording import count, listed


def print_inspection(inspection: FileInspection, name: str, target: str) -> None:
    """One finding per line; the last states whether the file can be scored.

    Args:
        name: of the file.
        target: the model's target.
    """
    console = result_console()
    for line in _lines(inspection, name, target):
        console.print(line, soft_wrap=True)


def _lines(inspection: FileInspection, name: str, target: str) -> Iterator[str]:
    changed = inspection.changed
    for column in changed:
        yield f"Changed type: {column.describe_unparsable()}{_describe_option(column)}"
    for column in inspection.excessive:
        if column.unseen is not None:
            yield f"Warning: {column.unseen.warn(column.name, 'would count')}"
    for column in inspection.columns:
        if column.outside is not None:
            yield f"Warning: {column.outside.warn(column.name)}"
    for missing in inspection.match.missing:
        close = f"; the file has {listed(list(map(repr, missing.close)), final='or')}" if missing.close else ""
        yield f"Missing column: '{missing.name}'{close}"
    yield f"{name}: {inspection.num_rows:,} rows, all checked; {inspection.read_as}"
    if inspection.differences:
        yield f"Format differs from the training file: {', '.join(inspection.differences)}"
    yield from inspection.notes
    if inspection.broken:
        rows, first = count(inspection.broken.count, "row"), inspection.broken.describe_first()
        yield f"Unreadable rows: {rows} cannot be read and will not be scored, first {first}"
    for column in inspection.columns:
        if column.unparsable and column not in changed:
            yield f"Unreadable: {column.describe_unparsable()}{_describe_option(column)}"
        yield from _further_lines(column)
    if inspection.match.extra:
        yield f"Not known to the model, kept: {', '.join(inspection.match.extra)}"
    yield target
    yield from filter(None, [describe_outcomes(inspection.outcomes)])
    yield _verdict(inspection)


def _describe_option(column: ColumnInspection) -> str:
    """The option that sets the likely format; empty without one."""
    guess = column.guess
    if guess is None or not guess.example:
        return ""
    return f" Option: --{guess.setting.replace('_', '-')} {shlex.quote(f'{column.name}={guess.example}')}."


def _verdict(inspection: FileInspection) -> str:
    if inspection.match.missing:
        return "The file cannot be scored: add or rename the missing columns."
    if not inspection.can_be_scored:
        return "The file cannot be scored: every row has a cell that cannot be read."
    found = f"All {len(inspection.columns):,} columns of the model are in the file."
    if any(column.may_be_misread for column in inspection.columns):
        return f"{found} The format of a column seems to differ: scoring requires --force."
    if inspection.needs_force:
        return f"{found} A column has no category of the training data: scoring requires --force."
    return f"{found} Check how it codes the columns with a warning." if inspection.excessive else found


def _further_lines(column: ColumnInspection) -> Iterator[str]:
    if column.unseen and not column.unseen.is_excessive:
        named = ", ".join(f"'{value}'" for value in column.unseen_values)
        cells = count(column.num_unseen, "cell has a value", "cells have values")
        sentences = [f"Unseen: '{column.name}': {cells} that are not in the training data: {named}"]
        yield ". ".join([*sentences, *filter(None, [column.unseen.advice])])
    if column.misses_more:
        before = column.missing_in_training or 0.0
        yield f"Missing: '{column.name}': {column.missing_share:.1%} of the cells, {before:.1%} in the training file"
