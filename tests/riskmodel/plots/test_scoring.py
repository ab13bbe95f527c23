"""Charts of scored files."""

from riskmodel.plots.scoring import plot_scored_bands
from riskmodel.scoring.model.report import ScoringReport


def test_bands_have_customers_as_bars_and_the_expected_bad_rate_as_a_line() -> None:
    report = ScoringReport(9, 9, band_counts={"A": 6, "B": 0, "C": 3}, band_bad_rates={"A": 0.02, "C": 0.3})
    bars, line = plot_scored_bands(report).data
    assert (list(bars.x), list(bars.y)) == (["A", "B", "C"], [6, 0, 3])
    assert (line.name, list(line.y), line.yaxis) == ("expected bad rate", [0.02, None, 0.3], "y2")


def test_a_file_scored_by_an_earlier_version_has_no_rates() -> None:
    figure = plot_scored_bands(ScoringReport(9, 9, band_counts={"A": 6, "B": 3}))
    assert len(figure.data) == 1
