-- Return the steps of the waves of which the stages of all companies may be told.
SELECT step_gain.*
FROM step_gain
JOIN told_stage ON told_stage.wave = step_gain.wave AND breakdown = '_T' AND told_stage.dimension = '_T'
ORDER BY ALL
