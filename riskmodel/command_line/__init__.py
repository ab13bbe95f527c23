"""The commands of ``python -m riskmodel``: words and options in, one call of the library, words out."""
