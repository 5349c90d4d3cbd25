-- Return the waves in which one question was put differently from the wave before, and what changed.
select wave, kind from question_break where instrument = $instrument and question = $question order by wave
