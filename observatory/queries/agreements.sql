-- Return who agrees with each statement of one wave, all respondents together, weighted or not, with its wording.
select
    coalesce({label}, label, question) as statement, wave, code, statistic, option, value, low, high, base,
    effective_base, flag, versus_rest, versus_wave
from estimate
join question using (instrument, wave, question)
where instrument = $instrument and wave = $wave and dimension = '_T' and statistic = 'top' and is_weighted = $is_weighted
    and repeat = ''
order by sort_order, question
