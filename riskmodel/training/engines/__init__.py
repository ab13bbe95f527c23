"""One engine per backend of Keras, and what else differs between them; ``training.executor`` chooses."""
