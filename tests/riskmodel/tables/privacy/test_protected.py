"""Column names of protected attributes, and similar names."""

import pyarrow as pa
import pytest

from riskmodel.tables.privacy.protected import find_protected, leave_protected_out
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.text.reading import read_strings
from riskmodel.tables.schema.schema import Schema
from tests.real_data import real_data

ATTRIBUTES = {
    "age": [
        *("age", "AGE", "customer_age", "ageGroup", "age_in_years", "age_at_application", "date_of_birth"),
        *("DOB", "birth_year", "Alter", "Alter des Kunden", "Geburtsdatum", "âge", "age_du_client", "date_naissance"),
        *("Edad", "edad del cliente", "fecha de nacimiento", "年龄", "客户年龄", "年龄段", "出生日期", "SeniorCitizen"),
        "account_holder_age", "Age (years)",
    ],
    "sex": ["SEX", "Gender", "Geschlecht", "sexe", "sexo", "género", "is_male", "personal_status_sex", "性别"],
    "marital status": [
        *("MARRIAGE", "maritalStatus", "is_married", "Familienstand", "état civil", "situation_familiale"),
        *("estado_civil", "婚姻状况", "是否已婚"),
    ],
    "ethnicity": ["race", "Ethnicity", "applicant_race_1", "ethnie", "etnia", "raza", "民族"],
    "religion": ["religion", "Konfession", "Religión", "宗教信仰"],
    "nationality": [
        *("nationality", "citizenship", "foreign_worker", "Staatsangehörigkeit", "nationalité", "nacionalidad", "国籍"),
        "country_of_birth",
    ],
    "disability": ["disability", "disabled", "Behinderung", "handicap", "discapacidad", "残疾"],
}  # fmt: skip

HARMLESS = [
    *("average", "average_balance", "storage", "account_age", "age_of_account", "account_age_months", "card_age"),
    *("age_of_oldest_trade", "vehicleAge", "mortgage", "percentage", "usage", "alter_ego", "Kontoalter"),
    *("Alter des Kontos", "edad_cuenta", "antigüedad", "账户年龄", "车龄", "账龄", "公司年龄"),
    *("Sussex", "Essex_branch", "trace", "terrace", "international_transfers"),
    *("national_id", "disabled_account", "account_disabled", "disability_insurance", "birth_number", "region", "city"),
    *("education", "num_dependents", "status", "civil_engineering", "personal_loan", "genre_of_film", ""),
]  # fmt: skip


@pytest.mark.parametrize(("attribute", "name"), [(key, name) for key, names in ATTRIBUTES.items() for name in names])
def test_an_attribute_is_found_by_whole_words(attribute: str, name: str) -> None:
    assert find_protected(name) == attribute


@pytest.mark.parametrize("name", HARMLESS)
def test_similar_words_are_not_protected_attributes(name: str) -> None:
    assert find_protected(name) is None


def customers() -> Schema:
    columns = {
        "age": [str(20 + i % 50) for i in range(100)],
        "gender": ["f", "m"] * 50,
        "birthdate": [f"{1960 + i % 30}-01-{1 + i % 28:02d}" for i in range(100)],
        "race": ["x"] * 100,
        "income": [f"{i}.5" for i in range(100)],
        "default": ["0", "0", "0", "1"] * 25,
    }
    return propose_schema(pa.table(columns))


def test_the_kind_is_unchanged_and_the_reason_mentions_the_attribute() -> None:
    schema = customers()
    assert schema.inputs == ("age", "gender", "birthdate", "income")
    assert schema.column("age").reason == (
        "numbers from 20 to 69; protected attribute (age): consider excluding it"
    )  # fmt: skip
    # Columns that are not inputs are marked, without a message.
    assert (schema.column("race").protected, schema.column("race").reason) == ("ethnicity", "is 'x' in every row")
    assert schema.column("default").protected is None


def test_excluded_attributes_are_ignored_with_a_reason() -> None:
    schema = leave_protected_out(customers())
    assert schema.inputs == ("income",)
    assert schema.column("birthdate").reason == "protected attribute (age): excluded"
    assert schema.column("birthdate").date_format is None
    assert schema.column("race") == customers().column("race")
    assert (schema.target, schema.bad_values) == ("default", ("1",))
    assert leave_protected_out(schema) == schema
    assert Schema.from_json(schema.to_json()) == schema


def test_a_target_is_never_excluded() -> None:
    schema = customers().with_target("gender", "f")
    assert leave_protected_out(schema).target == "gender"


@pytest.mark.parametrize(
    ("path", "protected"),
    [
        ("taiwan_default/customers.csv", {"SEX": "sex", "MARRIAGE": "marital status", "AGE": "age"}),
        (
            "south_german_credit/SouthGermanCredit.asc",
            {"personal_status_sex": "sex", "age": "age", "foreign_worker": "nationality"},
        ),
        ("polish_bankruptcy/1year.csv", {}),
        ("berka/district.asc", {}),
        ("berka/loans_labelled.csv", {}),
    ],
)
def test_protected_attributes_of_real_data(path: str, protected: dict[str, str]) -> None:
    schema = propose_schema(read_strings(real_data(path)))
    assert {column.name: column.protected for column in schema.columns if column.protected} == protected
