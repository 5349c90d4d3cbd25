-- The waves with gaps of each kind for everybody, and whether they are weighted.
SELECT kind, wave, MAX(is_weighted) AS is_weighted
FROM gap
WHERE dimension = '_T'
GROUP BY kind, wave
ORDER BY kind, wave
