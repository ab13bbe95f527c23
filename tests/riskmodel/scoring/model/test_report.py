"""Cells with unseen categories: how many are expected, and when they suggest different coding."""

import pytest

from riskmodel.scoring.model.report import UnseenCells


@pytest.mark.parametrize(
    ("count", "expected_share", "is_excessive"),
    [(20, 0.0, False), (21, 0.0, True), (35, 0.15, False), (36, 0.15, True)],
)
def test_more_than_a_fifth_above_the_expected_share_is_excessive(
    count: int, expected_share: float, is_excessive: bool
) -> None:
    assert UnseenCells(count, "Rome", 100, expected_share=expected_share).is_excessive is is_excessive


@pytest.mark.parametrize(
    ("num_rows", "expected_share", "is_total"), [(1, 0.0, True), (1, 0.15, False), (2, 0.15, False), (3, 0.15, True)]
)
def test_a_file_of_few_rows_can_have_only_unseen_categories_by_chance(
    num_rows: int, expected_share: float, is_total: bool
) -> None:
    assert UnseenCells(num_rows, "Rome", num_rows, expected_share=expected_share).is_total is is_total
