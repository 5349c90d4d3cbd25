-- Return every shape: its number and the level of each dimension in it, "_T" where the dimension is not broken down.
select shape, period_level, sector_level, region_level, theme_level, size_level, form_level
from shape
