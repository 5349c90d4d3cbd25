-- Return how many were asked and left it open, of the groups that may be told of.
SELECT answer_count.*
FROM answer_count
JOIN told_group USING (instrument, wave, question, dimension, code)
ORDER BY ALL
