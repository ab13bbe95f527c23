"""How probabilities become points and bands."""

from riskmodel.config.field import Config, choice


class ScaleConfig(Config):
    """Points: higher is safer; ``pdo`` points double the odds of being good."""

    pdo: float = choice(
        50.0,
        label="Points to double the odds",
        help="This many points more means that the odds of being good are twice as high.",
        unit="points",
        gt=0.0,
        le=10_000.0,
        step=5.0,
    )
    base_score: float = choice(
        600.0,
        label="Base score",
        help="The score of a customer at the base odds.",
        unit="points",
        ge=-100_000.0,
        le=100_000.0,
        step=10.0,
    )
    base_odds: float = choice(
        19.0,
        label="Base odds",
        help="Good customers for each bad one at the base score; 19 means that 5 % are bad.",
        unit="good : 1 bad",
        gt=0.0,
        le=1e6,
        step=1.0,
    )
    num_bands: int = choice(
        10,
        label="Score bands",
        help="Bands of about equal size on the validation customers; A is the safest.",
        ge=2,
        le=26,
    )
