"""Parts that pages share; with the pages, the only code that knows Streamlit.

Imports `riskmodel`, but no TensorFlow, JAX or Keras. The parts of one page import no other page's.
"""
