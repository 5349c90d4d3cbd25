-- Return every cell of {table} that is no deeper than the public may look: what of it is published, or that it is hidden.
-- What is published of it has the same {codes}, and is told apart by nothing else: {others}.
SELECT
    {keys},
    CASE WHEN is_told THEN published END AS value,
    CASE WHEN is_told THEN least_of_band END AS contributors,
    CASE WHEN is_told THEN status ELSE 'hidden' END AS status,
    CASE WHEN is_told THEN accuracy END AS quality
FROM (
    SELECT
        cell.*,
        COALESCE(shown.value, cell.value) AS published,
        COALESCE(shown.quality, 'A') AS accuracy,
        shown.value IS NOT NULL
            OR publishing.protection = 'none'
            OR publishing.protection = 'count' AND cell.contributors >= publishing.least AS is_told,
        (SELECT MAX(band.least) FROM band WHERE band.least <= cell.contributors) AS least_of_band
    FROM (SELECT *, {depth} AS depth FROM {table}) AS cell
    JOIN publishing USING (measure)
    LEFT JOIN (SELECT * FROM shown WHERE {others}) AS shown USING (measure, {codes})
    WHERE cell.depth <= publishing.deepest
) AS found
ORDER BY {keys}
