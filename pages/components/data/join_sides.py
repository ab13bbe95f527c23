"""The two files of a join, with cached results shared by all tabs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components.file_layout.layout_choice import layout_of_source
from pages.components.state.cached import proposed_schema_as, read_source_as
from riskmodel.tables.joining.joining import JoinSurvey, survey_join
from riskmodel.tables.joining.key_proposal import propose_key
from riskmodel.tables.joining.keys import KeyComparison
from riskmodel.tables.reading.open_table import Layout, TableFile
from riskmodel.tables.schema.schema import Schema
from riskmodel.workspace.data.sources import Source


@dataclass(frozen=True)
class Side:
    """An uploaded file and its layout."""

    source_id: str
    layout: Layout | None

    @classmethod
    def of(cls, source: Source) -> Side:
        """The file with the layout of this tab."""
        return cls(source.id, layout_of_source(source))

    @property
    def file(self) -> TableFile:
        """All cells, as text."""
        return read_source_as(self.source_id, self.layout)

    @property
    def schema(self) -> Schema:
        """The proposed schema."""
        return proposed_schema_as(self.source_id, self.layout)

    def is_personal(self, names: tuple[str, ...]) -> bool:
        """True if one of these columns holds personal data."""
        return any(self.schema.column(name).personal for name in names)


@st.cache_resource(max_entries=8, show_spinner="Finding the key", hash_funcs={Side: repr})
def propose_sides(left: Side, right: Side) -> tuple[str, str] | None:
    """The best key to join two uploaded files."""
    return propose_key(left.file.table, right.file.table)


@st.cache_resource(max_entries=16, show_spinner="Comparing the keys", hash_funcs={Side: repr, KeyComparison: repr})
def survey_sides(
    left: Side, right: Side, on: tuple[str, ...], right_on: tuple[str, ...], comparison: KeyComparison
) -> JoinSurvey:
    """Counts of matched and unmatched rows of a join."""
    return survey_join(left.file.table, right.file.table, on, right_on, comparison)
