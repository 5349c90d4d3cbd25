-- How each wave of the companies was asked and weighted: days, invitations, method, population.
SELECT w.wave, MIN(s.fieldwork_from) AS first_day, MAX(s.fieldwork_to) AS last_day, SUM(s.invited) AS invited,
    ANY_VALUE(w.method) AS method, ANY_VALUE(w.is_invented) AS is_invented, ANY_VALUE(w.respondents) AS respondents,
    ANY_VALUE(w.margins) AS margins, ANY_VALUE(w.joined) AS joined
FROM weighting AS w LEFT JOIN survey AS s ON s.instrument = w.instrument AND s.wave = w.wave
WHERE w.instrument = $instrument
GROUP BY w.wave
ORDER BY w.wave
