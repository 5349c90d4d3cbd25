-- Return one row per combination with its codes in words: value and contributors of every measure side by side.
SELECT
    shape.shape AS shape,
    period_code.code AS period_code,
    code_sector.code AS sector_code,
    code_region.code AS region_code,
    code_theme.code AS theme_code,
    code_size.code AS size_code,
    code_form.code AS form_code,
    {columns}
FROM sums
LEFT JOIN counts
    ON counts.period = sums.period
    AND counts.sector = sums.sector
    AND counts.region = sums.region
    AND counts.theme = sums.theme
    AND counts.size = sums.size
    AND counts.form = sums.form
JOIN period_code ON period_code.number = sums.period
JOIN code_sector ON code_sector.number = sums.sector
JOIN code_region ON code_region.number = sums.region
JOIN code_theme ON code_theme.number = sums.theme
JOIN code_size ON code_size.number = sums.size
JOIN code_form ON code_form.number = sums.form
JOIN shape
    ON shape.period_level = period_code.level
    AND shape.sector_level = code_sector.level
    AND shape.region_level = code_region.level
    AND shape.theme_level = code_theme.level
    AND shape.size_level = code_size.level
    AND shape.form_level = code_form.level
ORDER BY shape, period_code, sector_code, region_code, theme_code, size_code, form_code
