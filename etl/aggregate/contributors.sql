-- Return how many are counted for each measure under each combination of codes of the dimensions in use, each one once.
-- Those of one kind are counted already and only added up; the others are told apart under the codes above their own.
SELECT period{above}, {counts_added}
FROM (
    SELECT period{above}, {counts_added}
    FROM tally
    {kind_lifts}
    GROUP BY period{above}
    UNION ALL
    SELECT period{above}, {counts}
    FROM (
        SELECT who, period{above}, BIT_OR(marks) AS marks
        FROM present_as_several
        {lifts}
        GROUP BY who, period{above}
    ) AS lifted
    GROUP BY period{above}
) AS counted
GROUP BY period{above}
