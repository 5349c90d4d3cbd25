-- What leaders believe in one wave: the mean stage of their own company and of the country, with its interval.
SELECT question, value, low, high, base, flag
FROM estimate
WHERE instrument = 'leader' AND wave = $wave AND question IN ('stage_company', 'stage_country')
    AND statistic = 'mean' AND dimension = '_T' AND is_weighted = $is_weighted
ORDER BY question
