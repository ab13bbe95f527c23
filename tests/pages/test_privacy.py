"""Personal data and protected attributes on the Data page."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, drawn, go_to, open_page, press, upload_to, words

SWITCH_LABEL = "Exclude protected attributes"
CUSTOMERS = b"id,mail,gender,age,account_age,outcome\n" + b"".join(
    b"%03d,c%d@example.org,%s,%d,%d,%d\n"
    % (row, row, b"fm"[row % 2 : row % 2 + 1], 20 + row % 37, row % 41 * 7, row % 3 == 0)
    for row in range(60)
)


def upload(content: bytes = CUSTOMERS) -> AppTest:
    return upload_to(open_page("data"), "upload", "customers.csv", content)


def roles(tab: AppTest) -> dict[str, tuple[str, str, str]]:
    """Role, first values and reason of each column in the roles table."""
    table = tab.session_state["roles_base"]
    return {row["column"]: (row["role"], row["examples"], row["why"]) for row in table.to_dict("records")}


def change(tab: AppTest, key: str, row: int, role: str) -> AppTest:
    tab.session_state[key] = {"edited_rows": {row: {"role": role}}, "added_rows": [], "deleted_rows": []}
    return drawn(tab.run())


def saved(home: Path) -> Dataset:
    workspace = Workspace.open(home)
    return workspace.datasets.load(workspace.datasets.list()[0].id)


def test_protected_attributes_are_excluded_by_default(home: Path) -> None:
    tab = upload()
    switch = tab.toggle(key="leave_protected_out")
    assert (switch.value, switch.label) == (True, "Exclude protected attributes (sex and age)")
    assert {name: role for name, (role, _, _) in roles(tab).items()} == {
        "id": "identifier",
        "mail": "ignored",
        "gender": "ignored",
        "age": "ignored",
        "account_age": "numerical",
        "outcome": "target",
    }
    assert roles(tab)["age"][2] == "protected attribute (age): excluded"
    press(tab, "save_dataset")
    schema = saved(home).schema
    assert schema.inputs == ("account_age",)
    assert schema.column("age").protected == "age"


def test_turning_the_switch_off_restores_the_proposed_roles(home: Path) -> None:
    tab = drawn(upload().toggle(key="leave_protected_out").set_value(False).run())
    assert roles(tab)["age"][0] == "numerical"
    assert "protected attribute (age): consider excluding it" in roles(tab)["age"][2]
    tab = press(tab, "save_dataset")
    assert saved(home).schema.inputs == ("gender", "age", "account_age")

    tab = press(tab, "change_roles")  # as it was saved
    assert tab.toggle(key="leave_protected_out").value is False
    tab = drawn(tab.toggle(key="leave_protected_out").set_value(True).run())
    assert roles(tab)["age"][0] == "ignored"
    tab = drawn(tab.toggle(key="leave_protected_out").set_value(False).run())
    assert roles(tab)["age"][0] == "numerical"


def test_the_switch_survives_changed_roles_and_reopening(home: Path) -> None:
    tab = upload()
    source = address(tab, "source")
    tab = change(tab, f"roles_{source}_outcome_masked", 4, "ignored")
    assert "ignored: mail, gender, age and account\\_age" in " ".join(each.value for each in tab.markdown)
    tab = press(tab, "save_dataset")
    assert saved(home).schema.inputs == ()
    tab = press(tab, "change_roles")
    assert tab.toggle(key="leave_protected_out").value is True
    assert roles(tab)["account_age"][0] == "ignored"
    tab = drawn(tab.toggle(key="leave_protected_out").set_value(False).run())
    assert roles(tab)["age"][0] == "numerical"
    assert roles(tab)["account_age"][0] == "ignored"


def test_a_chosen_role_is_rejected_while_the_switch_is_on(home: Path) -> None:
    tab = upload()
    tab = change(tab, f"roles_{address(tab, 'source')}_outcome_masked", 3, "numerical")
    assert "age stays ignored while protected attributes are excluded" in words(tab)
    assert roles(tab)["age"][0] == "ignored"
    press(tab, "save_dataset")
    assert saved(home).schema.kind_of("age") == "ignored"


def test_a_protected_attribute_can_be_the_target(home: Path) -> None:
    tab = upload()
    tab = drawn(tab.selectbox(key="target").set_value("gender").run())
    assert tab.toggle(key="leave_protected_out").label == f"{SWITCH_LABEL} (age)"
    tab = drawn(tab.radio(key="bad_value").set_value("f").run())
    press(tab, "save_dataset")
    assert saved(home).schema.target == "gender"


def test_the_switch_is_restored_after_another_page(home: Path) -> None:
    tab = drawn(upload().toggle(key="leave_protected_out").set_value(False).run())
    source = address(tab, "source")
    tab = go_to(go_to(tab, "runs"), "data")
    assert address(tab, "source") == source
    assert tab.toggle(key="leave_protected_out").value is False


def test_a_file_without_protected_or_personal_columns_has_no_switches(home: Path) -> None:
    rows = b"".join(b"%03d,%d,%d\n" % (row, 1000 + 7 * row, row % 3 == 0) for row in range(60))
    assert not upload(b"id,income,outcome\n" + rows).toggle


def test_personal_data_are_masked_by_default_and_stored_unchanged(home: Path) -> None:
    tab = upload()
    assert tab.toggle(key="show_personal").value is False
    assert set(tab.dataframe[0].value["mail"]) == {"c•••@•••"}
    assert roles(tab)["mail"][1:] == ("c•••@•••", "e-mail addresses: personal data, not learned from")
    assert "example.org" not in words(tab)

    tab = drawn(tab.toggle(key="show_personal").set_value(True).run())
    assert tab.dataframe[0].value["mail"][0] == "c0@example.org"
    assert roles(tab)["mail"][1].startswith("c0@example.org")

    tab = drawn(tab.toggle(key="show_personal").set_value(False).run())
    assert set(tab.dataframe[0].value["mail"]) == {"c•••@•••"}
    press(tab, "save_dataset")
    assert saved(home).table["mail"][0].as_py() == "c0@example.org"


def test_values_of_a_personal_input_are_masked_in_the_profile(home: Path) -> None:
    tab = upload()
    tab = change(tab, f"roles_{address(tab, 'source')}_outcome_masked", 1, "categorical")
    tab = press(tab, "save_dataset")
    tab = drawn(tab.selectbox(key="profile_column").set_value("mail").run())
    assert tab.toggle(key="show_personal").value is False
    assert "example.org" not in chart(tab)
    tab = drawn(tab.toggle(key="show_personal").set_value(True).run())
    assert "example.org" in chart(tab)


def test_unreadable_rows_are_masked_entirely(home: Path) -> None:
    tab = upload(CUSTOMERS + b"1,jane@example.org\n")
    assert list(tab.dataframe[0].value["text"]) == ["•••"]
    tab = drawn(tab.toggle(key="show_personal").set_value(True).run())
    assert "jane@example.org" in tab.dataframe[0].value["text"][0]


def test_an_older_dataset_opens_with_its_inputs(trained: Trained) -> None:
    tab = press(press(open_page("data"), "open_dataset"), "change_roles")
    assert tab.toggle(key="leave_protected_out").value is False
    assert roles(tab)["age"][0] == "numerical"


def chart(tab: AppTest) -> str:
    """Figure of the profile chart, as JSON."""
    [drawing] = [each for each in tab.get("bidi_component") if each.key == "profile_chart"]
    return str(json.loads(drawing.proto.json)["figure"])
