-- Return for everybody in each period how many kinds of organisation they are: a company is of one kind (sector, size
-- ...) unless that changes within the period; a holding or an NGO is of as many as the companies it works through.
SELECT who, period, COUNT(*) AS kinds
FROM (SELECT who, period{kind} FROM present GROUP BY who, period{kind}) AS each_kind
GROUP BY who, period
