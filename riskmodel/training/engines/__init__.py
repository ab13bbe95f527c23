"""One engine per Keras backend, with the other code that depends on the backend; ``engines.executor`` selects."""
