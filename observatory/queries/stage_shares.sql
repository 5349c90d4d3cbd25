-- The share of companies at each stage in one wave: of each group as a whole, or in each dimension.
SELECT breakdown, code, dimension, stage, share, base, status
FROM stage_share
WHERE wave = $wave AND is_weighted = $is_weighted AND breakdown = $breakdown
    AND (dimension = '_T') = $is_whole
ORDER BY code, dimension, stage
