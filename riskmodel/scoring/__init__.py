"""The risk model: a bundle on disk that scores customers without TensorFlow."""
