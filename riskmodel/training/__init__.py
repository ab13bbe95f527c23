"""From arrays to a trained network: compiled epochs, stopping, best weights, export."""
