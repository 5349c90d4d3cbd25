-- The waves with gaps of each kind, and whether they are weighted.
SELECT kind, wave, MAX(is_weighted) AS is_weighted
FROM gap
GROUP BY kind, wave
ORDER BY kind, wave
