"""The table by band and the distribution, computed by hand."""

import numpy as np

from riskmodel.evaluation.bands import compute_band_table
from riskmodel.evaluation.distribution import compute_distribution


def test_a_band_table_worked_out_by_hand() -> None:
    bad = np.array([0, 0, 1, 0, 1, 1])
    score = np.array([700.0, 690.0, 650.0, 640.0, 500.0, 480.0])
    table = compute_band_table(bad, score, ["A", "A", "B", "B", "C", "C"])
    shown = [(r.band, r.minimum, r.maximum, r.count, r.bads, r.bad_rate) for r in table.rows]
    assert shown == [("A", 690, 700, 2, 0, 0.0), ("B", 640, 650, 2, 1, 0.5), ("C", 480, 500, 2, 2, 1.0)]
    assert [r.cumulative_count for r in table.rows] == [2, 4, 6]
    assert [r.cumulative_bads for r in table.rows] == [0, 1, 3]
    assert [r.cumulative_bad_rate for r in table.rows] == [0.0, 0.25, 0.5]
    assert [r.share_of_bads for r in table.rows] == [0.0, 1 / 3, 2 / 3]


def test_neighboring_bands_are_out_of_order_if_the_safer_one_has_the_higher_bad_rate() -> None:
    bad = np.array([0, 1, 0, 0, 0, 1, 0, 1])
    score = np.array([800.0, 790.0, 700.0, 690.0, 500.0, 480.0, 300.0, 290.0])
    table = compute_band_table(bad, score, ["A", "A", "B", "B", "C", "C", "D", "D"])  # bad rates .5, 0, .5, .5
    assert [(safer.band, riskier.band) for safer, riskier in table.out_of_order] == [("A", "B")]


def test_a_distribution_counts_every_customer() -> None:
    found = compute_distribution(np.array([0, 1, 0, 1]), np.array([-5.0, 0.2, 0.6, 9.0]), np.array([0.0, 0.5, 1.0]))
    assert found.good.tolist() == [1, 1]
    assert found.bad.tolist() == [1, 1]


def test_a_single_value_is_one_bin() -> None:
    found = compute_distribution(np.array([0, 1]), np.array([600.0, 600.0]), num_bins=4)
    assert (found.good.sum(), found.bad.sum(), len(found.edges)) == (1, 1, 5)
