"""How probabilities are brought in line with what happens."""

from typing import Literal

from riskmodel.config.field import Config, choice

CalibrationMethod = Literal["none", "auto", "temperature", "beta", "platt", "isotonic"]


class CalibrationConfig(Config):
    """What is fitted on validation predictions after training; kept only where it lowers the log-loss there."""

    method: CalibrationMethod = choice(
        "none",
        label="Calibration",
        help="Bends the network's probabilities so that of customers with 20 % about 20 % turn bad. It is fitted on "
        "validation predictions, and kept only where it lowers their log-loss in cross-validation. Temperature divides "
        "the log-odds by one number; beta bends both ends; Platt adds a shift; isotonic follows the data in steps and "
        "needs many customers. The better of temperature and beta is the usual choice, and is taken as well where this "
        "is none but training weighs customers (class weights, focal loss).",
        labels={
            "none": "None",
            "auto": "Temperature or beta",
            "temperature": "Temperature",
            "beta": "Beta",
            "platt": "Platt",
            "isotonic": "Isotonic",
        },
    )
