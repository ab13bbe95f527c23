"""Score scale: points and bands."""

from riskmodel.config.field import Config, setting


class ScaleConfig(Config):
    """Points: higher is safer; ``pdo`` points double the odds of being good."""

    pdo: float = setting(
        50.0,
        label="Points to double the odds",
        help="Points that double the odds of being good.",
        unit="points",
        gt=0.0,
        le=10_000.0,
        step=5.0,
    )
    base_score: float = setting(
        600.0,
        label="Base score",
        help="The score of a customer at the base odds.",
        unit="points",
        ge=-100_000.0,
        le=100_000.0,
        step=10.0,
    )
    base_odds: float = setting(
        19.0,
        label="Base odds",
        help="Good customers for each bad one at the base score; 19 means a bad rate of 5%.",
        unit="good : 1 bad",
        gt=0.0,
        le=1e6,
        step=1.0,
    )
    num_bands: int = setting(
        10,
        label="Score bands",
        help="Number of bands, of about equal size on the validation customers; A is the safest.",
        ge=2,
        le=26,
    )
