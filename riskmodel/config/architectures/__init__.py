"""Configuration of each architecture, one module per architecture."""
