-- Return the frame's figures for every code with cells, the total of each dimension among them.
SELECT
    frame.measure AS measure,
    frame.dimension AS dimension,
    ancestor.ancestor_code AS code,
    ancestor.ancestor_level AS level,
    frame.year AS year,
    SUM(frame.value) AS value
FROM frame
JOIN ancestor ON ancestor.dimension = frame.dimension AND ancestor.code = frame.code
GROUP BY frame.measure, frame.dimension, ancestor.ancestor_code, ancestor.ancestor_level, frame.year
ORDER BY measure, dimension, code, year
