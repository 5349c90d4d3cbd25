-- The wording of the options of one question in one language, or as the form has them.
SELECT option, COALESCE({label}, label) AS wording
FROM option
WHERE instrument = $instrument AND wave = $wave AND question = $question
ORDER BY sort_order
