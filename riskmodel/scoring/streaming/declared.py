"""Values declared missing by a scored file (SPSS, SAS, Stata) but not by the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pyarrow as pa

from riskmodel.tables.arrow import pc
from riskmodel.tables.evidence.evidence import list_texts
from riskmodel.tables.proposal.declared_proposal import are_declared_missing
from riskmodel.tables.schema.declarations import declaration_of
from riskmodel.tables.schema.schema import Schema
from riskmodel.wording import count


class DeclaredTally:
    """Counts these cells by column and text; they are read as values or are unreadable.

    Args:
        schema: the model's schema.
        names: of the file's columns, as in the model.
        inputs: the model's columns.
    """

    def __init__(self, schema: Schema, names: Sequence[str], inputs: Iterable[str]) -> None:
        self._schema = schema
        self._places = {name: place for place, name in enumerate(names) if name in set(inputs)}
        self._counts: dict[str, Counter[str]] = {}

    def add(self, rows: pa.RecordBatch) -> None:
        """Add the next rows of the file."""
        for name, place in self._places.items():
            declared = declaration_of(rows.schema.field(place))
            if declared is None or not (declared.missing or declared.missing_ranges):
                continue
            counted = pc.value_counts(pc.utf8_trim_whitespace(rows.column(place)))
            found = counted.filter(pa.array(are_declared_missing(counted.field("values"), declared)))
            known = {*self._schema.markers_of(name), *self._schema.column(name).special_texts}
            for cell in found.to_pylist():
                if cell["values"] not in known:
                    self._counts.setdefault(name, Counter())[cell["values"]] += cell["counts"]

    def notes(self) -> tuple[str, ...]:
        """A sentence per column with such cells: count and advice."""
        return tuple(
            f"Please check: column '{name}' has {count(total, 'cell')} that the file declares "
            f"missing, but the model does not: {list_texts(counts)}. If they mean missing, add them to the "
            "missing-value markers of this column."
            for name, counts in self._counts.items()
            for total in [counts.total()]
        )
