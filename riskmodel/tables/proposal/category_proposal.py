"""Proposal of the comparison for a categorical column, from all its cells."""

from riskmodel.tables.arrow import as_numpy
from riskmodel.tables.coercion.category_values import describe_merged, find_values, to_canonical
from riskmodel.tables.coercion.coercion import find_missing
from riskmodel.tables.evidence.evidence import ColumnTexts
from riskmodel.tables.proposal.doubtful_categories import describe_doubts, describe_missing
from riskmodel.tables.schema.schema import Column


def propose_values(column: Column, texts: ColumnTexts) -> Column:
    """The column with `Column.values`, and a message on merged and doubtful values; others are returned unchanged.

    Args:
        column: Any column; only categorical ones are compared by value.
        texts: Its cells; `ColumnTexts.markers` apply where the column has no markers of its own.
    """
    if column.kind != "categorical":
        return column
    markers = texts.markers if column.missing_markers is None else column.missing_markers
    present = ~as_numpy(find_missing(texts.different, markers))
    different = texts.different.filter(present)
    values = find_values(different, texts.encoded.counts[present])
    merged = describe_merged(different, to_canonical(different, values))
    reason = "; ".join(filter(None, [column.reason, merged, describe_doubts(texts), describe_missing(texts)]))
    return column.model_copy(update={"values": values, "merged": merged, "reason": reason})
