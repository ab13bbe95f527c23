"""The Keras networks: one file per architecture, and the layers they share."""
