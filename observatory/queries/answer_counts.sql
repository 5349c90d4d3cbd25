-- Return how many were asked one question and left it open, by wave and group of one breakdown.
select wave, code, asked, dont_know, no_answer
from answer_count
where instrument = $instrument and question = $question and dimension = $dimension
order by wave, code
