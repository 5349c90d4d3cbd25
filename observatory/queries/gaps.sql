-- What two sides say of the same thing in one wave, for everybody; the kind of gap is asked for.
SELECT question, option, first, second, first_base, second_base, first_share, second_share, value, low, high, verdict
FROM gap
WHERE wave = $wave AND kind = $kind AND dimension = '_T' AND is_weighted = $is_weighted
ORDER BY question, option, first, second
