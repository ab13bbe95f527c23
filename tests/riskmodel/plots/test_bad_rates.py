"""The chart of bad rates over time."""

from riskmodel.plots.bad_rates import plot_bad_rates
from riskmodel.tables.profiling.bad_rates import BadRates


def test_customers_and_rates_by_period_with_gaps() -> None:
    figure = plot_bad_rates(BadRates("<day>", "quarter", ("2024 Q1", "2024 Q2", "2024 Q3"), (4, 0, 10), (1, 0, 5)))
    customers, rate = figure.data
    assert list(customers.y) == [4, 0, 10]
    assert list(rate.y) == [0.25, None, 0.5]
    assert list(rate.x) == ["2024 Q1", "2024 Q2", "2024 Q3"]
    assert figure.layout.title.text == "Bad rate by quarter"
    assert figure.layout.xaxis.title.text == "&lt;day>"
