-- Return the options of one question in one wave, in the order of the form, with their wording; state is what an option
-- means that is no answer.
select option, coalesce({label}, label, option) as wording, state
from option
where instrument = $instrument and wave = $wave and question = $question
order by sort_order, option
