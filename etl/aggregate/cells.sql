-- Return the cells of one measure, in the order of `combined`; what nobody reported has none.
SELECT
    '{measure}' AS measure, {keys},
    CAST({measure} AS DOUBLE) AS value,
    CAST({measure}_contributors AS INTEGER) AS contributors,
    CASE WHEN {measure}_contributors < {low_base} THEN 'low_base' ELSE 'free' END AS status,
    CAST(NULL AS VARCHAR) AS quality
FROM combined
WHERE {measure} IS NOT NULL
