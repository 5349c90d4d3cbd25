-- Return the questions of one wave of which anything is shown, in the order of the form, with their wording; consent,
-- which all gave who answered, is none.
select question, kind, list, coalesce({label}, label, question) as wording
from question
where instrument = $instrument and wave = $wave and repeat = '' and question <> 'consent'
    and exists (
        select 1 from estimate
        where estimate.instrument = $instrument and estimate.wave = $wave and estimate.question = question.question
            and flag <> 'hidden'
    )
order by sort_order, question
