"""The proposal of a join key by names and common values."""

import pyarrow as pa

from riskmodel.tables.joining.key_proposal import propose_key

NUMBERS = [f"{row:06}" for row in range(300)]
REGIONS = ["north", "south", "east"] * 100
AMOUNTS = [str(row * 13 + 5) for row in range(300)]


def test_the_identifier_is_preferred_to_a_category_of_the_same_name() -> None:
    left = pa.table({"region": REGIONS, "customer_id": NUMBERS, "income": AMOUNTS})
    right = pa.table({"region": REGIONS, "limit": AMOUNTS, "Customer ID": NUMBERS[::-1]})
    assert propose_key(left, right) == ("customer_id", "Customer ID")


def test_other_names_are_found_by_their_cells_even_without_leading_zeros() -> None:
    left = pa.table({"income": AMOUNTS, "client": [f"C{number}" for number in NUMBERS]})
    right = pa.table({"number": [f" c{number}" for number in NUMBERS[:200]], "limit": REGIONS[:200]})
    assert propose_key(left, right) == ("client", "number")
    assert propose_key(pa.table({"a": NUMBERS}), pa.table({"b": [n.lstrip("0") for n in NUMBERS]})) == ("a", "b")


def test_a_key_that_is_repeated_on_one_side_is_found() -> None:
    events = pa.table({"customer_id": NUMBERS[:100] * 3, "amount": AMOUNTS})
    once = pa.table({"customer_id": NUMBERS[:100], "score": AMOUNTS[:100]})
    assert propose_key(events, once) == ("customer_id", "customer_id")


def test_files_that_have_nothing_in_common_have_no_proposal() -> None:
    assert propose_key(pa.table({"a": NUMBERS}), pa.table({"b": [f"x{n}" for n in NUMBERS]})) is None
    assert propose_key(pa.table({"region": REGIONS}), pa.table({"region": REGIONS})) is None


def test_a_repeated_key_of_the_same_name_wins_over_a_count_that_happens_to_hold_the_same_numbers() -> None:
    right = pa.table({"number": [NUMBERS[row // 2] for row in range(600)], "count": [str(row) for row in range(600)]})
    assert propose_key(pa.table({"number": NUMBERS, "income": AMOUNTS}), right) == ("number", "number")
