"""The quantile function of the normal distribution, in NumPy.

Algorithm AS 241 (PPND16) of Wichura, "The Percentage Points of the Normal Distribution", Applied Statistics 37
(1988), pages 477–484: relative accuracy about 1e-16. Its third branch, for probabilities below 1.4e-11, is not needed
here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

SMALLEST_PROBABILITY = 1e-7
"""Probabilities are kept this far from 0 and 1, as in scikit-learn, so results lie within ±5.1993."""

# Coefficients from the highest power down, numerator and denominator.
_CENTER = (
    (
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ),
)
_TAIL = (
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ),
)


def normal_quantile(probability: FloatArray) -> FloatArray:
    """The z with P(Z ≤ z) = `probability` for a standard normal Z.

    Args:
        probability: float64, shape (n,); clipped to [1e-7, 1 − 1e-7] first.

    Returns:
        float64, shape (n,), within ±5.1993.

    Example:
        >>> normal_quantile(np.array([0.5, 0.975, 1.0])).round(4).tolist()
        [0.0, 1.96, 5.1993]
    """
    probability = np.clip(probability, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    centered = probability - 0.5
    result = centered * _ratio(0.180625 - centered * centered, _CENTER)
    tail = np.flatnonzero(np.abs(centered) > 0.425)
    if tail.size:
        smaller = np.minimum(probability[tail], 1 - probability[tail])
        distance = _ratio(np.sqrt(-np.log(smaller)) - 1.6, _TAIL)
        result[tail] = np.copysign(distance, centered[tail])
    return result


def _ratio(x: FloatArray, coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> FloatArray:
    numerator, denominator = (_polynomial(x, part) for part in coefficients)
    return np.divide(numerator, denominator, out=numerator)


def _polynomial(x: FloatArray, coefficients: tuple[float, ...]) -> FloatArray:
    result = x * coefficients[0]
    for coefficient in coefficients[1:-1]:
        result += coefficient
        result *= x
    result += coefficients[-1]
    return result
