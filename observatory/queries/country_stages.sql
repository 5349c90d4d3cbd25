-- The stage of each published group of companies, by wave; weighted where weights are asked for and there are any.
SELECT wave, breakdown, code, stage, base, resamples, status
FROM country_stage
WHERE is_weighted = $is_weighted
ORDER BY wave, breakdown, code
