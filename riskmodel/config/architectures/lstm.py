"""The recurrent network over months."""

from typing import Literal

from riskmodel.config.architectures.months import MonthsConfig
from riskmodel.config.architectures.shared import architecture
from riskmodel.config.field import choice


class LstmConfig(MonthsConfig):
    """A long short-term memory reads the months of a series in order (Hochreiter & Schmidhuber 1997)."""

    architecture: Literal["lstm"] = architecture("lstm")
    memory: int = choice(
        32,
        label="Memory",
        help="Size of the hidden state.",
        unit="units",
        ge=1,
        le=1024,
        step=8,
        search=(8, 128),
        log=True,
    )
