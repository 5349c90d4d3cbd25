-- Return the shares of companies at each stage, hidden where they may not be told.
SELECT
    wave, breakdown, code, is_weighted, dimension, stage,
    CASE WHEN told_stage.code IS NOT NULL THEN share END AS share,
    CASE WHEN told_stage.code IS NOT NULL THEN resamples END AS resamples,
    CASE WHEN told_stage.code IS NOT NULL THEN base END AS base,
    CASE WHEN told_stage.code IS NOT NULL THEN status ELSE 'hidden' END AS status
FROM stage_share
LEFT JOIN told_stage USING (wave, breakdown, code, dimension)
ORDER BY ALL
