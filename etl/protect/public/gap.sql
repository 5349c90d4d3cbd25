-- Return the gaps between two sides of whose group both may be told; what NGOs need and get are two questions of one.
SELECT gap.*
FROM gap
JOIN told_group AS one
    ON one.instrument = CASE gap.kind WHEN 'paired' THEN 'ngo' ELSE gap.first END
    AND one.wave = gap.wave
    AND one.question = CASE gap.kind WHEN 'paired' THEN gap.first ELSE gap.question END
    AND one.dimension = gap.dimension
    AND one.code = gap.code
JOIN told_group AS other
    ON other.instrument = CASE gap.kind WHEN 'paired' THEN 'ngo' ELSE gap.second END
    AND other.wave = gap.wave
    AND other.question = CASE gap.kind WHEN 'paired' THEN gap.second ELSE gap.question END
    AND other.dimension = gap.dimension
    AND other.code = gap.code
ORDER BY ALL
