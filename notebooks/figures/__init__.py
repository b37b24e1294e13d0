"""The calculations, charts and sentences of the notebooks, from rows of marts, without marimo."""
