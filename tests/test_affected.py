"""Selection of the tests for ``--fast`` from changed files."""

from tests.affected import affected_tests


def test_the_test_of_a_changed_module_comes_first_then_those_that_use_it() -> None:
    found = affected_tests({"riskmodel/evaluation/delong.py"})
    assert found[0] == "tests/riskmodel/evaluation/test_delong.py"
    assert "tests/pages/test_compare.py" in found[1:]
    assert "tests/riskmodel/tables/values/test_dates.py" not in found


def test_a_changed_test_is_run() -> None:
    assert affected_tests({"tests/riskmodel/test_errors.py"}) == ["tests/riskmodel/test_errors.py"]


def test_a_script_has_a_test_of_its_name() -> None:
    assert affected_tests({"pages/components/run/live.js"}) == ["tests/browser/test_live.py"]


def test_a_page_has_a_test_that_opens_it() -> None:
    assert affected_tests({"pages/score.py"}) == ["tests/pages/test_score.py"]


def test_documents_affect_no_tests() -> None:
    assert affected_tests({".docs/guide.md"}) == []
