-- Return the stage of every group of companies, hidden where it may not be told.
SELECT
    wave, breakdown, code, is_weighted,
    CASE WHEN told_stage.code IS NOT NULL THEN stage END AS stage,
    CASE WHEN told_stage.code IS NOT NULL THEN base END AS base,
    CASE WHEN told_stage.code IS NOT NULL THEN resamples END AS resamples,
    CASE WHEN told_stage.code IS NOT NULL THEN status ELSE 'hidden' END AS status
FROM country_stage
LEFT JOIN (SELECT wave, breakdown, code FROM told_stage WHERE dimension = '_T') AS told_stage
    USING (wave, breakdown, code)
ORDER BY ALL
