-- Return who is present under each combination of finest codes. `marks` has one bit for each thing one is counted for:
-- for having given to a measure (the entity: holding, else company, else NGO), for being a company, for being an NGO.
SELECT who, period{leaves}, BIT_OR(marks) AS marks
FROM (
    SELECT entity AS who, {period} AS period{leaves}, {marks} AS marks
    FROM contribution
    WHERE entity IS NOT NULL
    UNION ALL
    SELECT company AS who, {period} AS period{leaves}, {company_mark} AS marks
    FROM contribution
    WHERE company IS NOT NULL
    UNION ALL
    SELECT ngo AS who, {period} AS period{leaves}, {ngo_mark} AS marks
    FROM contribution
    WHERE ngo IS NOT NULL
) AS marked
GROUP BY who, period{leaves}
