-- The wording of the steps in one language, as the newest form of the companies has it.
SELECT option, COALESCE({label}, label) AS name
FROM option
WHERE instrument = 'company' AND question = 'next_step'
    AND wave = (SELECT MAX(wave) FROM option WHERE instrument = 'company' AND question = 'next_step')
ORDER BY sort_order
