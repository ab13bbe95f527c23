"""Bad rates that are immature, drift, or are constant."""

from riskmodel.tables.checks.drift import find_drift
from riskmodel.tables.profiling.bad_rates import BadRates


def rates(*bads: int, labeled: int = 1000) -> BadRates:
    years = tuple(str(2010 + number) for number in range(len(bads)))
    return BadRates("opened", "year", years, (labeled,) * len(bads), bads)


def test_a_rate_that_falls_off_at_the_end_is_immature() -> None:
    [finding] = find_drift(rates(200, 210, 190, 200, 60, 20))
    assert (finding.kind, finding.severity) == ("outcomes_immature", "warning")
    assert "4.0% of the customers of 2014 to 2015 are bad, compared with 20.0% in the 4 years before" in finding.text
    assert "Exclude the rows whose outcome is not final" in finding.text


def test_a_rate_that_doubles_drifts() -> None:
    [finding] = find_drift(rates(100, 120, 160, 230))
    assert finding.kind == "event_rate_drift"
    assert "from 10.0% (2010) to 23.0% (2013)" in finding.text


def test_a_steady_rate_and_random_variation_have_no_finding() -> None:
    assert find_drift(rates(200, 210, 190, 205, 195)) == []
    assert find_drift(rates(2, 9, 3, 8, 1, labeled=100)) == []


def test_periods_of_few_customers_are_skipped() -> None:
    few = BadRates("opened", "year", ("2010", "2011", "2012"), (1000, 1000, 40), (200, 200, 0))
    assert find_drift(few) == []
