"""Columns with personal data, and columns without."""

import pyarrow as pa
import pytest

from riskmodel.tables.privacy.personal import (
    ADDRESSES,
    CARDS,
    EMAILS,
    IBANS,
    NAMES,
    NATIONAL_IDS,
    PHONES,
    find_personal,
)
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.text.reading import read_strings
from riskmodel.tables.schema.schema import Schema
from tests.real_data import real_data

CARD_NUMBERS = ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "4012888888881881"]
CHINESE_IDS = ["11010519491231002X", "440524188001010014", "110105194912310046"]
STREETS = ["Lindenweg 3", "12 High Street", "Am Markt 7a", "99 Elm Road", "Rue Haute 14"]


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("contact", ["jane@example.org", "j.doe+x@mail.example.co.uk", "none given"], EMAILS),
        ("x", ["+49 30 1234567", "+49 (0)89 765432-10", "+44 20 7946 0018"], PHONES),
        ("x", ["(212) 555-0142", "212-555-0143", "+1 212-555-0144"], PHONES),
        ("mobile_no", ["0171 2345678", "0160/1234567", "01512345678"], PHONES),
        ("手机号", ["13812345678", "15987654321", "18600001111"], PHONES),
        ("x", CHINESE_IDS[:2] * 2, NATIONAL_IDS),
        ("x", ["123-45-6789", "078-05-1120", "219-09-9999"], NATIONAL_IDS),
        ("x", ["AB123456C", "CE 12 34 56 D", "JG103759A", "LP204567B", "WX998877A"], NATIONAL_IDS),
        ("SSN", ["123456789", "078051120", "219099999"], NATIONAL_IDS),
        ("passport_number", ["C01X00T47", "C01X00T48", "L8988901C"], NATIONAL_IDS),
        ("x", ["DE89370400440532013000", "GB29NWBK60161331926819"], IBANS),
        ("x", CARD_NUMBERS, CARDS),
        ("card_number", ["1000000000000000", "1000000000000001", "1000000000000002"], CARDS),
        ("firstName", ["Anna", "Émile", "O'Neill"], NAMES),
        ("Nachname", ["Müller-Lüdenscheidt", "von Berg"], NAMES),
        ("客户姓名", ["王伟", "李娜"], NAMES),
        ("Name", [f"{chr(65 + i)}nna Smith" for i in range(20)], NAMES),
        ("home_address", STREETS, ADDRESSES),
        ("Straße", STREETS, ADDRESSES),
        ("联系地址", ["北京市朝阳区建国路", "上海市浦东新区", "广州市天河区", "深圳市南山区", "杭州市"], ADDRESSES),
    ],
)  # fmt: skip
def test_personal_data_are_recognized(name: str, cells: list[str], kind: str) -> None:
    assert find_personal(name, cells) == kind


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("anything", []),
        ("income", [str(1000 + 7 * i) for i in range(100)]),
        ("phone_balance", [f"{1234567 + i}.50" for i in range(100)]),
        ("telephone", ["1", "2"]),
        ("phone", ["yes", "no"]),
        ("has_email", ["0", "1"]),
        ("delta", [f"+{1000 + i}" for i in range(50)]),
        ("customer_id", [f"{i:010d}" for i in range(100)]),
        ("loan_number", [f"{1000014003 + 1001 * i}" for i in range(100)]),
        ("x", [f"41111111111111{i:02d}" for i in range(100)]),  # one in ten has a valid Luhn digit
        ("x", ["11010519491231002" + str(digit) for digit in range(10)]),
        ("x", ["DE88370400440532013000", "GB28NWBK60161331926819"]),
        ("article", [f"AB{123456 + i}C" for i in range(100)]),  # like insurance numbers, but all begin alike
        ("day", [f"2015-03-{i:02d}" for i in range(1, 29)]),
        ("passport", ["2015-03-01", "2016-04-02", "2017-05-03"]),
        ("ssn_issued", ["yes", "no"]),
        ("amount", ["556 100 999", "557 101 998", "558 102 997"]),
        ("City", ["New York", "Berlin", "Paris"] * 10),
        ("product_name", [f"Gold card {chr(65 + i)}" for i in range(26)]),
        ("Bank", [f"{chr(65 + i)} NATIONAL BANK" for i in range(26)]),
        ("name", ["gold", "silver", "bronze"]),
        ("ip_address", ["10.0.0.1", "10.0.0.2", "fe80::1", "10.0.0.4", "10.0.0.5"]),
        ("address", ["own house", "rented flat", "with parents", "other", "unknown"]),
        ("years_at_address", [str(i) for i in range(30)]),
        ("nombre_de_prets", [str(i) for i in range(30)]),
        ("created", [str(1700000000000 + 977 * i) for i in range(100)]),
    ],
)
def test_ordinary_columns_are_not_personal(name: str, cells: list[str]) -> None:
    assert find_personal(name, cells) is None


def test_a_personal_column_is_never_an_input_and_an_identifier_only_by_its_name() -> None:
    mails = [f"c{i}@example.org" for i in range(60)]
    numbers = [f"{100 + i}-{10 + i}-{1000 + i}" for i in range(60)]
    columns = {"email": mails, "mail_id": mails, "tax": numbers, "ssn": numbers, "y": ["0", "1", "0"] * 20}
    schema = propose_schema(pa.table(columns), "y")
    assert [schema.kind_of(name) for name in columns] == ["ignored", "identifier", "ignored", "identifier", "target"]
    assert schema.column("email").reason == "e-mail addresses: personal data, not learned from"
    assert schema.column("ssn").personal == NATIONAL_IDS
    assert Schema.from_json(schema.to_json()) == schema


def test_a_repeated_personal_number_is_not_an_identifier() -> None:
    cells = ["123-45-6789", "078-05-1120", "219-09-9999"] * 2
    column = propose_schema(pa.table({"ssn": cells})).column("ssn")
    assert (column.kind, column.personal) == ("ignored", NATIONAL_IDS)


def test_a_personal_value_is_not_shown_in_the_reason() -> None:
    column = propose_schema(pa.table({"mail": ["jane@example.org"] * 5})).column("mail")
    assert column.personal == EMAILS and "jane" not in column.reason


def test_a_schema_of_an_earlier_version_is_read() -> None:
    schema = Schema.from_json('{"columns": [{"name": "income", "kind": "numerical"}]}')
    assert (schema.columns[0].personal, schema.columns[0].protected) == (None, None)


@pytest.mark.parametrize(
    ("path", "personal"),
    [
        ("taiwan_default/customers.csv", {}),
        ("south_german_credit/SouthGermanCredit.asc", {}),
        ("polish_bankruptcy/1year.csv", {}),
        ("berka/loans_labelled.csv", {}),
        ("berka/transactions_before_loan.csv", {}),
        ("berka/order.asc", {}),
        ("berka/client.asc", {"birth_number": NATIONAL_IDS}),  # the day of birth and the sex are written into it
    ],
)
def test_of_real_data_only_what_is_personal_is_found(path: str, personal: dict[str, str]) -> None:
    schema = propose_schema(read_strings(real_data(path)))
    assert {column.name: column.personal for column in schema.columns if column.personal} == personal
