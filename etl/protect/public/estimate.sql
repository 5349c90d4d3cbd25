-- Return what is estimated of every question and group, hidden where it may not be told.
SELECT
    instrument, wave, question, dimension, code, is_weighted, statistic, option,
    CASE WHEN is_told THEN value END AS value,
    CASE WHEN is_told THEN low END AS low,
    CASE WHEN is_told THEN high END AS high,
    CASE WHEN is_told THEN base END AS base,
    CASE WHEN is_told THEN effective_base END AS effective_base,
    CASE WHEN is_told THEN flag ELSE 'hidden' END AS flag,
    CASE WHEN is_told THEN versus_rest END AS versus_rest,
    CASE WHEN is_told THEN versus_wave END AS versus_wave
FROM (
    SELECT
        estimate.*,
        told_group.question IS NOT NULL AND (estimate.option = '' OR told_option.option IS NOT NULL) AS is_told
    FROM estimate
    LEFT JOIN told_group USING (instrument, wave, question, dimension, code)
    LEFT JOIN told_option USING (instrument, wave, question, dimension, code, option)
) AS found
ORDER BY instrument, question, wave, dimension, code, is_weighted, statistic, option
