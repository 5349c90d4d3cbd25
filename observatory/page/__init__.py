"""A page: what it declares, and how Streamlit shows it."""

from observatory.page.show import Page, Row, show

__all__ = ["Page", "Row", "show"]
