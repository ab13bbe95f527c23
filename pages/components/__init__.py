"""Parts that pages share; with the pages, the only code that knows Streamlit."""
