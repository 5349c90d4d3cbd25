-- Return what is estimated of one question by one breakdown, weighted or not, in every wave.
select
    wave, code, statistic, option, value, low, high, base, effective_base, flag, versus_rest, versus_wave
from estimate
where instrument = $instrument and question = $question and dimension = $dimension and is_weighted = $is_weighted
order by wave, code, statistic, option
