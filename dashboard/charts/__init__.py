"""Figures from frames of mart columns; `catalogue` lists every chart."""
