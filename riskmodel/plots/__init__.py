"""Result values in, plotly figures out."""
