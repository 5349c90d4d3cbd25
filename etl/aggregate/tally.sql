-- Return how many of one kind only are counted for each measure, by their kind and by the codes of what they did.
SELECT period{kind}{above}, {counts}
FROM (
    SELECT who, period{kind}{above}, BIT_OR(marks) AS marks
    FROM present_as_one_kind
    {lifts}
    GROUP BY who, period{kind}{above}
) AS lifted
GROUP BY period{kind}{above}
