-- Return every cell by owner that is no deeper than the public may look: what of it is published, or that it is hidden.
SELECT
    measure, period_code, ownership_code, holding_code,
    CASE WHEN is_told THEN published END AS value,
    CASE WHEN is_told THEN least_of_band END AS contributors,
    CASE WHEN is_told THEN status ELSE 'hidden' END AS status,
    CASE WHEN is_told THEN quality END AS quality
FROM (
    SELECT
        owner_cells.* EXCLUDE quality,
        COALESCE(shown.value, owner_cells.value) AS published,
        COALESCE(shown.quality, 'A') AS quality,
        shown.value IS NOT NULL
            OR publishing.protection = 'count' AND owner_cells.contributors >= publishing.least AS is_told,
        (SELECT MAX(band.least) FROM band WHERE band.least <= owner_cells.contributors) AS least_of_band
    FROM owner_cells
    JOIN publishing
        ON publishing.measure = owner_cells.measure
        AND publishing.deepest >= 1
            + CASE owner_cells.ownership_code WHEN '_T' THEN 0 ELSE 1 END
            + CASE owner_cells.holding_code WHEN '_T' THEN 0 ELSE 1 END
    LEFT JOIN shown
        ON shown.measure = owner_cells.measure
        AND shown.period_code = owner_cells.period_code
        AND shown.ownership_code = owner_cells.ownership_code
        AND shown.holding_code = owner_cells.holding_code
        AND shown.sector_code = '_T'
        AND shown.region_code = '_T'
        AND shown.theme_code = '_T'
        AND shown.size_code = '_T'
        AND shown.form_code = '_T'
) AS cell
ORDER BY measure, period_code, ownership_code, holding_code
