"""Templates: workbooks that companies fill in, made of the edition's lists and of data/registry/templates.yml."""

from etl.template.form import Template, template_for
from etl.template.workbook import write_template

__all__ = ["Template", "template_for", "write_template"]
