-- Return one row per combination of ownership and holding: value and contributors of every measure side by side.
SELECT
    period_code.code AS period_code,
    code_ownership.code AS ownership_code,
    code_holding.code AS holding_code,
    {columns}
FROM sums
LEFT JOIN counts
    ON counts.period = sums.period AND counts.ownership = sums.ownership AND counts.holding = sums.holding
JOIN period_code ON period_code.number = sums.period
JOIN code_ownership ON code_ownership.number = sums.ownership
JOIN code_holding ON code_holding.number = sums.holding
ORDER BY period_code, ownership_code, holding_code
