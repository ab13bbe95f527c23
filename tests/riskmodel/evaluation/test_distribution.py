"""Customers beyond the edges of a distribution, counted by hand."""

import numpy as np

from riskmodel.evaluation.distribution import compute_distribution, describe_ends


def test_customers_beyond_the_drawn_scores_are_counted_in_a_sentence() -> None:
    cut = compute_distribution(
        np.array([0, 1, 0, 1]), np.array([300.0, 410.0, 500.0, 900.0]), np.array([400.0, 450, 600])
    )
    assert (cut.good.tolist(), cut.bad.tolist()) == ([1, 1], [1, 1])
    assert describe_ends([cut]) == "The outermost bins include 1 below 400 and 1 above 600."
    assert describe_ends([compute_distribution(np.array([0, 1]), np.array([300.0, 410.0]))]) == ""
