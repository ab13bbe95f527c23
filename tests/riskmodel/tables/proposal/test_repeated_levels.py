"""Columns of many values: categories if most of them repeat; keys, free text and different values are not."""

import numpy as np
import pyarrow as pa
import pytest

from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.schema.schema import Column

NUM_ROWS = 6000
SYLLABLES = ["bur", "ton", "ville", "ham", "ford", "dale", "wick", "port", "mouth", "field"]
CITIES = [first.capitalize() + second + third for first in SYLLABLES for second in SYLLABLES for third in SYLLABLES]


def propose(name: str, cells: list[str]) -> Column:
    return propose_schema(pa.table({name: pa.array(cells, pa.string())})).column(name)


def draw(texts: list[str]) -> list[str]:
    """Most rows have few of the texts, as cities, banks and employers."""
    places = np.minimum(np.random.default_rng(4).geometric(5 / len(texts), NUM_ROWS) - 1, len(texts) - 1)
    return [texts[place] for place in places]


def test_cities_are_categories() -> None:
    column = propose("city", draw(CITIES))
    assert column.kind == "categorical"
    num_cities = int(column.reason.split()[0].replace(",", ""))
    assert 300 < num_cities <= 1000
    assert column.reason.endswith("different texts, most rows share theirs with others")


def test_codes_of_a_named_column_are_categories() -> None:
    column = propose("zip_code", draw([str(10_000 + 7 * place) for place in range(1000)]))
    assert column.kind == "categorical"
    assert "codes by the column's name" in column.reason and "most rows share theirs" in column.reason


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_half_of_the_rows_must_share_their_value(share: float) -> None:
    num_shared = round(share * NUM_ROWS)
    cells = [CITIES[place % 500] for place in range(num_shared)]
    cells += [f"{CITIES[place % 1000]} {CITIES[place // 1000]}" for place in range(NUM_ROWS - num_shared)]
    assert propose("employer", cells).kind == ("categorical" if share > 0.5 else "ignored")


def test_keys_of_customers_with_several_rows_are_not_categories() -> None:
    keys = [f"{value:012x}" for value in np.random.default_rng(4).integers(16**11, 16**12, NUM_ROWS // 3)]
    assert propose("member", [key for key in keys for _ in range(3)]).kind == "ignored"
    assert propose("product", [key for key in keys[:200] for _ in range(30)]).kind == "categorical"
    assert propose("customer_id", [f"K{place // 3}" for place in range(NUM_ROWS)]).kind == "ignored"


def draw_power_law(form: str) -> list[str]:
    """Codes of 1,000 branches, of which a few have many rows."""
    size = 1 / np.arange(1, 1001)
    drawn = np.random.default_rng(5).choice(1000, NUM_ROWS, p=size / size.sum())
    return [form.format(number) for number in drawn]


@pytest.mark.parametrize("form", ["B{:04}", "br{}", "branch-{:04}", "office_{}", "N{:04}X", "Unit {:04}", "Firm {}"])
def test_labels_with_numbers_are_categories(form: str) -> None:
    column = propose("branch", draw_power_law(form))
    assert column.kind == "categorical"
    assert "different texts, most rows share theirs" in column.reason


@pytest.mark.parametrize("form", ["{} km", "approx {}", "{}yrs 3mon", "{}km"])
def test_numbers_in_an_unsupported_form_are_not_categories(form: str) -> None:
    column = propose("distance", draw_power_law(form))
    assert column.kind == "ignored"
    assert "in a form that is not supported" in column.reason


def test_codes_with_leading_zeros_are_categories_if_they_are_no_keys() -> None:
    column = propose("branch", draw_power_law("{:05}"))
    assert column.kind == "categorical"
    assert column.reason.startswith("leading zeros, which a number would lose; ")
    few_rows_each = [f"{place // 3:05}" for place in range(NUM_ROWS)]
    assert propose("postal_code", few_rows_each).kind == "categorical"
    assert propose("branch", few_rows_each).kind == "identifier"
    assert propose("customer_number", draw_power_law("{:05}")).kind == "identifier"


def test_short_labels_of_few_rows_each_are_keys() -> None:
    assert propose("customer", [f"K{place // 3}" for place in range(NUM_ROWS)]).kind == "ignored"


def test_free_text_is_no_category() -> None:
    sentences = [f"The customer of {city} asked for more time to repay" for city in CITIES]
    assert propose("remarks", [sentences[place % 1000] for place in range(NUM_ROWS)]).kind == "ignored"
