-- Return the sum of every measure for each combination of codes of the dimensions in use, `leaves`.
-- Sums are made at the finest codes first; `lifts` then joins each of them with the codes above it, itself included.
SELECT period{above}, {sums}
FROM (
    SELECT {period} AS period{leaves}, {sums}
    FROM contribution
    GROUP BY {period}{leaves}
) AS finest
{lifts}
GROUP BY period{above}
