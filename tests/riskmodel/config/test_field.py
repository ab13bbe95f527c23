"""Fields are declared once and described as pages need them."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from riskmodel.config.field import Config, describe_fields, setting
from riskmodel.config.network import NETWORKS
from riskmodel.config.sections.preprocessing import ColumnOverride, ColumnSettings, PreprocessingConfig
from riskmodel.config.sections.scale import ScaleConfig
from riskmodel.config.sections.split import SplitConfig
from riskmodel.config.sections.training import TrainingConfig

STAGES = [SplitConfig, PreprocessingConfig, *NETWORKS.values(), TrainingConfig, ScaleConfig]


class Example(Config):
    share: float = setting(0.5, label="Share", help="A share.", gt=0.0, le=1.0, step=0.1, unit="of rows")
    widths: tuple[Annotated[int, Field(ge=1, le=9)], ...] = setting((3,), label="Widths", help="Widths.")
    mode: Literal["a", "b"] = setting("a", label="Mode", help="Mode.", labels={"a": "First"}, advanced=True)
    limit: int | None = setting(None, label="Limit", help="Limit.", ge=2, only_if=("mode", ("b",)))


def test_a_number_is_described_with_its_bounds() -> None:
    share = describe_fields(Example)[0]
    assert (share.kind, share.minimum, share.maximum, share.step) == ("number", 0.0, 1.0, 0.1)
    assert (share.minimum_excluded, share.maximum_excluded) == (True, False)
    assert (share.label, share.help, share.unit, share.default) == ("Share", "A share.", "of rows", 0.5)


def test_a_tuple_is_described_with_the_bounds_of_its_elements() -> None:
    widths = describe_fields(Example)[1]
    assert (widths.kind, widths.minimum, widths.maximum, widths.default) == ("integers", 1, 9, (3,))


def test_an_option_without_a_label_is_shown_unchanged() -> None:
    mode = describe_fields(Example)[2]
    assert mode.options == (("a", "First"), ("b", "b"))
    assert mode.advanced


def test_an_optional_field_describes_its_condition() -> None:
    limit = describe_fields(Example)[3]
    assert (limit.kind, limit.optional, limit.minimum) == ("integer", True, 2)
    assert limit.only_if == ("mode", ("b",))


@pytest.mark.parametrize("stage", STAGES)
def test_every_field_has_a_label_and_help(stage: type[Config]) -> None:
    for field in describe_fields(stage):
        assert field.label != field.name, field.name
        assert field.help.endswith("."), field.name
        assert all(label for _, label in field.options)
        if field.only_if:
            assert field.only_if[0] in stage.model_fields


def test_an_override_can_change_every_setting_of_a_column() -> None:
    assert list(ColumnOverride.model_fields) == list(ColumnSettings.model_fields)
    by_name = {field.name: field for field in describe_fields(ColumnSettings)}
    for field in describe_fields(ColumnOverride):
        assert field.optional
        same = by_name[field.name]
        assert (field.kind, field.minimum, field.maximum) == (same.kind, same.minimum, same.maximum)
        assert [value for value, _ in field.options] == [value for value, _ in same.options]
