-- The wording of questions of one instrument and wave in one language, or as the form has them.
SELECT question, COALESCE({label}, label) AS wording
FROM question
WHERE instrument = $instrument AND wave = $wave
ORDER BY sort_order
