"""Figures, curves and tables of probabilities against outcomes: arrays in, frozen results out."""
