-- Return every cell that is no deeper than the public may look: what of it is published, or that it is hidden.
SELECT
    measure, shape, period_code, sector_code, region_code, theme_code, size_code, form_code,
    CASE WHEN is_told THEN published END AS value,
    CASE WHEN is_told THEN least_of_band END AS contributors,
    CASE WHEN is_told THEN status ELSE 'hidden' END AS status,
    CASE WHEN is_told THEN quality END AS quality
FROM (
    SELECT
        cells.* EXCLUDE quality,
        COALESCE(shown.value, cells.value) AS published,
        COALESCE(shown.quality, 'A') AS quality,
        shown.value IS NOT NULL
            OR publishing.protection = 'none'
            OR publishing.protection = 'count' AND cells.contributors >= publishing.least AS is_told,
        (SELECT MAX(band.least) FROM band WHERE band.least <= cells.contributors) AS least_of_band
    FROM cells
    JOIN publishing ON publishing.measure = cells.measure
    JOIN (
        SELECT
            shape,
            CASE period_level WHEN 'month' THEN 2 ELSE 1 END
                + CASE sector_level WHEN '_T' THEN 0 ELSE 1 END
                + CASE region_level WHEN '_T' THEN 0 ELSE 1 END
                + CASE theme_level WHEN '_T' THEN 0 ELSE 1 END
                + CASE size_level WHEN '_T' THEN 0 ELSE 1 END
                + CASE form_level WHEN '_T' THEN 0 ELSE 1 END AS depth
        FROM shape
    ) AS deep ON deep.shape = cells.shape AND deep.depth <= publishing.deepest
    LEFT JOIN shown
        ON shown.measure = cells.measure
        AND shown.period_code = cells.period_code
        AND shown.sector_code = cells.sector_code
        AND shown.region_code = cells.region_code
        AND shown.theme_code = cells.theme_code
        AND shown.size_code = cells.size_code
        AND shown.form_code = cells.form_code
        AND shown.ownership_code = '_T'
        AND shown.holding_code = '_T'
) AS cell
ORDER BY measure, shape, period_code, sector_code, region_code, theme_code, size_code, form_code
