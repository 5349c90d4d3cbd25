-- Return each breakdown of one question in which any group is shown, by wave; "_T" is all respondents together.
select wave, dimension
from estimate
where instrument = $instrument and question = $question and flag <> 'hidden'
group by wave, dimension
order by wave, dimension
