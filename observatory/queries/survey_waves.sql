-- Return each wave of each instrument of which anything is shown, the earliest first, with its fieldwork and weights.
select
    weighting.instrument, weighting.wave, sum(survey.invited) as invited, count(survey.invited) = count(*) as is_invited_known,
    min(survey.fieldwork_from) as first_day, max(survey.fieldwork_to) as last_day, any_value(weighting.respondents) as respondents,
    any_value(weighting.method) as method, any_value(weighting.margins) as margins,
    any_value(weighting.is_invented) as is_invented, any_value(weighting.joined) as joined
from weighting
left join survey using (instrument, wave)
where exists (
    select 1 from estimate
    where estimate.instrument = weighting.instrument and estimate.wave = weighting.wave and flag <> 'hidden'
)
group by weighting.instrument, weighting.wave
order by weighting.instrument, weighting.wave
