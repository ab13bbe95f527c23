"""Calibration of probabilities."""

from typing import Literal

from riskmodel.config.field import Config, setting

CalibrationMethod = Literal["none", "auto", "temperature", "beta", "platt", "isotonic"]


class CalibrationConfig(Config):
    """Calibrator fitted on validation predictions after training; kept only if it lowers their log-loss."""

    method: CalibrationMethod = setting(
        "none",
        label="Calibration",
        help="Recalibrates so that about 20% of customers predicted at 20% are bad. Fitted on "
        "validation predictions, and kept only if it lowers their log-loss in cross-validation. Temperature divides "
        "the log-odds by one number; beta adjusts both ends; Platt adds a shift; isotonic is a step function and "
        "needs many customers. The better of temperature and beta is recommended, and is also used if this "
        "is none but training weights customers (class weights, focal loss).",
        labels={
            "none": "None",
            "auto": "Temperature or beta",
            "temperature": "Temperature",
            "beta": "Beta",
            "platt": "Platt",
            "isotonic": "Isotonic",
        },
    )
