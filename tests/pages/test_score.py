"""The Score page: checks by column name, then the same rows with scores."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from streamlit.testing.v1 import AppTest

from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.files.signatures import FORMATS
from riskmodel.workspace.runs.predictions import read_stored_predictions
from riskmodel.workspace.runs.trained_customers import complete_reference, read_trained_customers
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import NUM_CUSTOMERS, Trained
from tests.pages.studio import address, buttons, component_data, drawn, errors, open_page, press, upload_to, words


def table(trained: Trained) -> tuple[list[str], list[list[str]]]:
    with trained.customers.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


def model_of(trained: Trained) -> RiskModel:
    folder = Workspace.open(trained.home).runs.get(trained.run_id).model_folder
    assert folder is not None
    return RiskModel.load(folder)


def upload(trained: Trained, content: bytes, name: str = "new.csv") -> AppTest:
    tab = open_page("score", run=trained.run_id)
    return upload_to(tab, "score_upload", name, content)


def test_without_a_model_the_page_links_to_training(home: Path) -> None:
    tab = open_page("score")
    assert "No model yet" in words(tab)
    tab = press(tab, "go_train")
    assert "No dataset yet" in words(tab)


def test_scored_rows_equal_the_input_plus_scores(trained: Trained, tmp_path: Path) -> None:
    tab = upload(trained, trained.customers.read_bytes())
    assert "found by name" in words(tab)
    assert Workspace.open(trained.home).scorings.list() == []

    tab = press(tab, "score")
    workspace = Workspace.open(trained.home)
    [record] = workspace.scorings.list()
    assert address(tab, "scoring") == record.id and not address(tab, "customers")
    assert f"**{NUM_CUSTOMERS}** of {NUM_CUSTOMERS} customers scored" in words(tab)
    assert all(buttons(tab)[f"download_{kind}"] for kind in ("csv", "excel", "parquet"))
    preview = tab.dataframe[-1].value
    assert list(preview.columns[:4]) == ["probability", "score", "band", "customer_id"]
    assert preview["probability"].between(0, 1).all()

    expected = tmp_path / "expected.csv"
    score_file(model_of(trained), trained.customers, output_csv=expected)
    assert record.csv_path.read_bytes() == expected.read_bytes()


def test_the_order_of_the_columns_does_not_matter(trained: Trained) -> None:
    header, rows = table(trained)
    tab = press(upload(trained, as_csv(header[::-1], [row[::-1] for row in rows])), "score")
    backwards = tab.dataframe[-1].value
    tab = press(press(tab, "other_customers"), "open_scoring")
    tab = press(upload(trained, trained.customers.read_bytes()), "score")
    assert backwards["probability"].to_list() == tab.dataframe[-1].value["probability"].to_list()


def test_a_missing_column_is_reported_with_a_similar_name(trained: Trained) -> None:
    header, rows = table(trained)
    renamed = ["Annual Incomes" if name == "annual_income" else name for name in header]
    tab = upload(trained, as_csv([*renamed, "branch"], [[*row, "north"] for row in rows]))
    assert "1 column that the model needs is not in the file" in errors(tab)
    assert "**annual_income**: the file has **Annual Incomes**" in words(tab)
    assert "kept in the scored file: Annual Incomes and branch" in words(tab)
    assert not buttons(tab)["score"]
    tab = press(tab, "other_customers")
    assert component_data(tab, "score_upload")["label"] == "Customers to score"


def test_unreadable_and_unseen_values_are_counted(trained: Trained) -> None:
    header, rows = table(trained)
    age, region = header.index("age"), header.index("region")
    for row in rows[:3]:
        row[age] = "young"
    for row in rows[5:10]:
        row[region] = "Atlantis"
    rows[10][region] = "EAST"
    spelling = "'region': 'EAST' was never seen, training has 'East'. Write them as in the training file"
    target = "Probability of '1' in 'defaulted' (bad): "
    tab = upload(trained, as_csv(header, rows))
    assert spelling in words(tab) and target in words(tab) and "This file: " in words(tab)
    tab = press(tab, "score")
    assert spelling in words(tab) and target in words(tab) and "This file: " in words(tab)
    assert f"**{NUM_CUSTOMERS - 3}** of {NUM_CUSTOMERS} customers scored" in words(tab)
    assert "3 customers not scored: 'age' is not a number" in words(tab)
    counts = next(table.value for table in tab.dataframe if "Problem" in table.value).to_dict("records")
    assert counts == [
        {"Column": "age", "Problem": "unreadable, not scored", "Customers": 3, "First value": "young"},
        {
            "Column": "region",
            "Problem": "unseen in training, scored as unknown",
            "Customers": 6,
            "First value": "Atlantis",
        },
    ]
    assert tab.dataframe[-1].value["reason"].iloc[0] == "'age' is not a number: young"


def test_a_scored_file_opens_by_url_and_from_the_list(trained: Trained) -> None:
    tab = press(upload(trained, trained.customers.read_bytes(), "march.csv"), "score")
    scoring = address(tab, "scoring")
    assert "march.csv" in words(open_page("score", scoring=scoring))

    tab = open_page("score", run=trained.run_id)
    assert tab.selectbox(key="scoring_list").value == scoring
    tab = press(tab, "open_scoring")
    assert "march.csv" in words(tab) and address(tab, "scoring") == scoring


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", f"a PNG image, not a table. Choose a table: {FORMATS}."), (b"", "empty")],
    ids=["picture", "empty"],
)
def test_a_file_without_a_table_is_rejected_with_a_message(trained: Trained, content: bytes, message: str) -> None:
    tab = upload(trained, content)
    assert message in errors(tab)
    tab = press(tab, "other_customers")
    assert not tab.error


def test_a_ragged_row_is_reported_and_keeps_its_position(trained: Trained) -> None:
    tab = upload(trained, trained.customers.read_bytes() + b"1,2,3\n")
    wide = len(table(trained)[0])
    where = f"line {NUM_CUSTOMERS + 2:,}: it has 3 cells instead of {wide}"
    assert f"1 row of {NUM_CUSTOMERS + 1:,} cannot be read, the first in {where}" in words(tab)
    assert Workspace.open(trained.home).scorings.list() == []
    tab = press(tab, "score")
    assert f"**{NUM_CUSTOMERS}** of {NUM_CUSTOMERS + 1} customers scored" in words(tab)
    assert f"1 customer not scored: the row cannot be read, the first in {where}" in words(tab)
    tab.segmented_control(key="rows_shown").set_value("Not scored")
    [row] = drawn(tab.run()).dataframe[-1].value.to_dict("records")
    assert row["reason"] == f"{where}: 1,2,3" and row["customer_id"] == ""


def test_rows_that_are_not_customers_are_reported_before_and_after(trained: Trained) -> None:
    header, rows = table(trained)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([header, *rows[:20], ["Total"]]):
            sheet.write_row(place, 0, row)
    tab = upload(trained, content.getvalue(), "new.xlsx")
    message = "1 row was not read (row 22: it is a total)."
    assert message in words(tab)
    tab = press(tab, "score")
    assert "**20** of 20 customers scored" in words(tab) and message in words(tab)


def test_a_changed_type_is_reported_first_and_all_rows_are_checked(trained: Trained) -> None:
    header, rows = table(trained)
    age = header.index("age")
    for row in rows:
        row[age] = row[age] + ",5"
    tab = upload(trained, as_csv(header, rows))
    assert errors(tab).startswith("**Changed type.** 'age': none of the cells are numbers, first '")
    assert "Written with decimal commas? The model expects numbers like 1234.50." in errors(tab)
    assert f"{NUM_CUSTOMERS} rows, all checked" in words(tab)
    [finding] = next(each.value for each in tab.dataframe if "Share" in each.value).to_dict("records")
    assert (finding["Column"], finding["Problem"], finding["Share"]) == ("age", "not numbers: not scored", "100%")
    assert "No row can be scored: every row has a cell that cannot be read." in errors(tab)
    assert not buttons(tab)["score"]

    place = list(model_of(trained).columns).index("age")
    tab = press(tab, f"read_as_{place}")  # as 1234,50, which it was found to be
    assert not errors(tab) and "Column 'age' is read as numbers written like 1234,50, as chosen." in words(tab)
    assert buttons(tab)["score"]
    tab = press(tab, "writing_remove_0")
    assert "**Changed type.**" in errors(tab)
    tab.selectbox(key="writing_column").set_value("age")
    tab.text_input(key="writing_example").set_value("1234,5 x")
    tab = press(tab, "writing_apply")
    assert "'1234,5 x' is not a number of a known format" in errors(tab)
    tab.text_input(key="writing_example").set_value("1234,5")
    tab.text_input(key="writing_missing").set_value("n/k")
    tab = press(tab, "writing_apply")
    assert "'n/k' is read as missing in column 'age', as chosen." in words(tab)
    tab = press(tab, "score")
    assert f"**{NUM_CUSTOMERS}** of {NUM_CUSTOMERS} customers scored" in words(tab)
    assert "Column 'age' is read as numbers written like 1234,50, as chosen." in words(tab)


def test_missing_shares_are_compared_with_training(trained: Trained) -> None:
    header, rows = table(trained)
    age = header.index("age")
    for row in rows[::2]:
        row[age] = ""
    tab = upload(trained, as_csv(header, rows))
    found = next(each.value for each in tab.dataframe if "Share" in each.value).to_dict("records")
    assert [(each["Column"], each["Problem"], each["Share"]) for each in found] == [("age", "missing", "50.0%")]
    assert found[0]["First value"].endswith("in the training file")


def test_an_unknown_scored_file_in_the_url_is_reported(trained: Trained) -> None:
    tab = open_page("score", scoring="scoring-0000000000")
    assert "There is no scored file 'scoring-0000000000'" in errors(tab)
    assert component_data(tab, "score_upload")["label"] == "Customers to score"


def test_many_unseen_categories_give_a_warning_and_can_be_listed(trained: Trained) -> None:
    header, rows = table(trained)
    region = header.index("region")
    for row in rows[: NUM_CUSTOMERS // 4]:
        row[region] = "Atlantis"
    tab = upload(trained, as_csv(header, rows))
    [warning] = [each.value for each in tab.warning if "Unseen categories" in each.value]
    assert warning.replace("\\:", ":") == (
        f"**Unseen categories.** 'region': {NUM_CUSTOMERS // 4:,} of {NUM_CUSTOMERS:,} values (25.0%) are not in the "
        "training data, first 'Atlantis'. They count as unknown. Check how the file codes this column."
    )
    assert not tab.success
    tab.checkbox(key="with_warnings").check()
    tab = press(tab, "score")
    assert "'region'" in " ".join(each.value for each in tab.warning)
    tab.segmented_control(key="rows_shown").set_value("With warnings")
    preview = drawn(tab.run()).dataframe[-1].value
    assert list(preview.columns[:4]) == ["probability", "score", "band", "warnings"]
    assert set(preview["warnings"]) == {"'region' is not in the training data: Atlantis"}


def test_a_column_without_a_known_category_must_be_confirmed(trained: Trained) -> None:
    header, rows = table(trained)
    for row in rows:
        row[header.index("region")] = "Atlantis"
    tab = upload(trained, as_csv(header, rows))
    assert f"{NUM_CUSTOMERS:,} of {NUM_CUSTOMERS:,} values (100%) are not in the training data" in errors(tab)
    assert not buttons(tab)["score"] and not tab.success
    tab = drawn(tab.checkbox(key="force_scoring").check().run())
    assert buttons(tab)["score"]
    assert f"**{NUM_CUSTOMERS}** of {NUM_CUSTOMERS} customers scored" in words(press(tab, "score"))


def test_training_customers_stability_and_bands_are_shown(trained: Trained) -> None:
    header, rows = table(trained)
    income, identifier = header.index("annual_income"), header.index("customer_id")
    for number, row in enumerate(rows):
        row[income] = str(10 * float(row[income])) if row[income] else ""
        row[identifier] = row[identifier] if number < 100 else f"new-{number}"
    tab = press(upload(trained, as_csv(header, rows)), "score")
    workspace = Workspace.open(trained.home)
    run, [record] = workspace.runs.get(trained.run_id), workspace.scorings.list()
    stored = read_stored_predictions(run).to_pandas()
    expected = int(((stored["part"] != "test") & (stored["row"] < 100)).sum())
    assert record.report.num_trained == expected > 0
    assert f"{expected} customers of this file (" in words(tab)
    shown = next(each.value for each in tab.dataframe if "PSI" in each.value).to_dict("records")
    assert shown[0]["Column"] == "Score bands" and shown[1]["Column"] == "annual_income"
    assert shown[1]["Reading"] == "large shift" and "1 column has a large shift: annual_income." in words(tab)
    assert shown[1]["PSI"] >= shown[2]["PSI"]
    bands = next(each.value for each in tab.dataframe if "Expected bad rate" in each.value)
    assert bands["Band"].to_list() == list(record.report.band_counts)
    rates = bands["Expected bad rate"].dropna().to_list()
    assert rates == sorted(rates) and 0 < rates[0] < rates[-1] < 100


def test_it_is_stated_that_no_customer_was_trained_on_or_that_this_is_not_known(trained: Trained) -> None:
    header, rows = table(trained)
    identifier = header.index("customer_id")
    for number, row in enumerate(rows):
        row[identifier] = f"new-{number}"
    tab = press(upload(trained, as_csv(header, rows)), "score")
    assert "No customer of this file was in the training or validation set of the model, by identifier." in words(tab)
    without = [row[:identifier] + row[identifier + 1 :] for row in (header, *rows)]
    tab = press(upload(trained, as_csv(without[0], without[1:])), "score")
    assert "Whether the model was trained on customers of this file is not known" in words(tab)


def test_the_file_names_of_the_downloads_differ(trained: Trained) -> None:
    press(upload(trained, trained.customers.read_bytes(), "march.csv"), "score")
    [record] = Workspace.open(trained.home).scorings.list()
    names = {record.csv_name, record.excel_name, record.parquet_name}
    assert names == {"march-scored.csv", "march-scored-excel.csv", "march-scored.parquet"}


def test_a_model_of_an_earlier_version_is_compared_with_its_dataset(trained: Trained) -> None:
    model = model_of(trained)
    empty = model.reference.model_copy(update={"training_bins": {}, "validation_band_counts": ()})
    workspace = Workspace.open(trained.home)
    run, dataset = workspace.runs.get(trained.run_id), workspace.datasets.load(trained.dataset_id)
    assert complete_reference(replace(model, reference=empty), run, dataset).reference == model.reference
    assert complete_reference(model, run, dataset) is model
    customers = read_trained_customers(run, dataset)
    assert customers is not None and customers.identifier == "customer_id"
    assert len(customers.values) == sum(read_stored_predictions(run)["part"].to_numpy() != "test")
    without = Dataset(dataset.table, dataset.schema.with_kinds({"customer_id": "categorical"}), dataset.name)
    assert read_trained_customers(run, without) is None


def test_rows_with_unseen_categories_are_marked_in_the_scored_file(trained: Trained) -> None:
    header, rows = table(trained)
    rows[4][header.index("region")] = "Atlantis"
    tab = upload(trained, as_csv(header, rows))
    assert tab.checkbox(key="with_warnings").value
    press(tab, "score")
    [record] = Workspace.open(trained.home).scorings.list()
    scored = list(csv.DictReader(record.csv_path.read_text(encoding="utf-8").splitlines()))
    assert scored[4]["warnings"] == "'region' is not in the training data: Atlantis"
    assert not any(row["warnings"] for number, row in enumerate(scored) if number != 4)


def test_a_missing_column_is_read_from_a_chosen_one_also_in_the_next_file(trained: Trained) -> None:
    header, rows = table(trained)
    renamed = ["salary" if name == "annual_income" else name for name in header]
    content = as_csv(renamed, rows)
    place = list(model_of(trained).columns).index("annual_income")
    tab = upload(trained, content)
    choice = tab.selectbox(key=f"source_of_{place}")
    assert not buttons(tab)["score"] and "salary" in choice.options and "defaulted" not in choice.options
    assert not {"age", "region"} & set(choice.options), "columns that the model reads are not offered"
    tab = drawn(choice.set_value("salary").run())
    applied = "**annual_income** is read from **salary**, as chosen for this model."
    assert applied in words(tab) and buttons(tab)["score"]
    tab = upload(trained, content, "next.csv")  # in a new tab
    assert applied in words(tab) and buttons(tab)["score"]
    tab = press(tab, "score")
    assert "Column 'annual_income' is read from 'salary', as chosen." in words(tab)
    renamed_scores = tab.dataframe[-1].value["probability"].to_list()
    assert "salary" in tab.dataframe[-1].value

    tab = upload(trained, trained.customers.read_bytes())  # it has the column itself
    assert applied not in words(tab)
    assert press(tab, "score").dataframe[-1].value["probability"].to_list() == renamed_scores
    tab = press(upload(trained, content), f"source_remove_{place}")
    assert applied not in words(tab) and not buttons(tab)["score"]
    assert Workspace.open(trained.home).column_sources.get(trained.run_id) is None
